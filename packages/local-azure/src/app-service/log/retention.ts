import type { ContainerLogging } from '../site.ts';

/** A file that has grown so far is rolled. Small, so that the limit below is kept closely. */
export const maxFileBytes = 4 * 1024 * 1024;
/** The two that are written to, and may grow to their full size. */
const growing = 2 * maxFileBytes;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * The files, oldest first, that must go so that the rest keeps the limits of days and of size: older logs make room
 * for new ones. Source: azure-rest-api-specs specification/web, "FileSystemHttpLogsConfig"
 */
export function expired<File extends { size: number; modifiedOn: number }>(
  rolled: readonly File[],
  { retentionInMb, retentionInDays }: ContainerLogging,
  now: number,
): File[] {
  const oldest = retentionInDays > 0 ? now - retentionInDays * dayMs : -Infinity;
  const allowed = retentionInMb * 1024 * 1024 - growing;
  let total = rolled.reduce((sum, { size }) => sum + size, 0);
  return rolled.filter(({ size, modifiedOn }) => {
    const goes = modifiedOn < oldest || total > allowed;
    if (goes) total -= size;
    return goes;
  });
}
