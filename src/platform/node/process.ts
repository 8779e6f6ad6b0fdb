// This process: its environment, its folder, its standard streams.
export { default as process } from "node:process";
