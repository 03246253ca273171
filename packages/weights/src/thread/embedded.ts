/**
 * The code of the threads as one CommonJS script, when this file is part of a bundle that must run alone: the bundler
 * puts it here. `undefined` where packages are installed, and the script is a file of this package.
 */
export const embeddedThread: string | undefined = undefined;
