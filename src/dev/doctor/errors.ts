/** Nothing usable came back; the message says why. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** A check cannot ask its question; the message says why. */
export class NotExamined extends Error {
  override readonly name = "NotExamined";
}
