// What all pages look like: colours for light and dark, type, links, the frame of what has the focus.

export const BASE_STYLE = `
:root { color-scheme: light dark; --ink: #1a1a1a; --faint: #595959; --paper: #ffffff; --line: #d4d4d4; --shade: #f5f5f5; --link: #0b57b0; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --faint: #b0b0b0; --paper: #161616; --line: #424242; --shade: #212121; --link: #8ab8f5; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.3rem; margin-top: 2.5rem; } h3 { font-size: 1.1rem; margin-top: 2rem; }
h1, h2, h3, p, dd, li { overflow-wrap: anywhere; } td { overflow-wrap: break-word; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; } .skip:focus { left: 1rem; top: 0.5rem; background: var(--paper); padding: 0.5rem; z-index: 1; }
`;
