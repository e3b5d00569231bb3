const GiB = 1024 ** 3;

/**
 * An image that is larger, packed or unpacked, is refused as by a full disk. Azure's workers have such a limit, which is
 * not public and differs by plan: azureossd.github.io 2023-04-11, "no space left on device". This one is ours.
 */
export const maxImageBytes = 20 * GiB;
