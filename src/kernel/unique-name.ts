/** Unique name of an environment. It names files, schemas and hosts: lower case, so that no file system confuses two. */
export const uniqueNamePattern = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
