/** Written in package.json too; a test keeps the two alike. */
export const VERSION = '0.1.0';
