/** `1 file`, `2,000 files` */
export function countFiles(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "file" : "files"}`;
}
