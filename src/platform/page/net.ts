// What an address of the internet is: here nothing, because there is no network.
export const isIPv4 = (_text: string): boolean => false;
export const isIPv6 = (_text: string): boolean => false;
