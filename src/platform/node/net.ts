// What an address of the internet is.
export { isIPv4, isIPv6 } from "node:net";
