import {
  Chainlet,
  ChainletBase,
  Compute,
  depends,
  endpoint,
  type Input,
  markEntrypoint,
  type Remote,
  RemoteConfig,
} from "truss-chains";
import { z } from "zod";
import { type Line, rhyme } from "./rhymes.ts";

const VerseInput = z.object({ word: z.string().min(1), lines: z.int().min(1).max(8).default(2) });

/** Writes one verse about a word, a line at a time, as a language model would. */
@Chainlet({
  remoteConfig: new RemoteConfig({ compute: new Compute({ cpuCount: 1, predictConcurrency: 16 }) }),
})
export class VerseWriter extends ChainletBase {
  @endpoint({ input: VerseInput, stream: z.object({ text: z.string() }) })
  async *runRemote({ word, lines }: Input<typeof VerseInput>): AsyncGenerator<Line> {
    for (let line = 0; line < lines; line++) yield rhyme(word, line);
  }
}

const PoemsInput = z.object({ words: z.array(z.string()).min(1) });
const Poem = z.object({ word: z.string(), verse: z.string() });

/** Writes a poem about each word, all at once. */
@markEntrypoint("Poems")
@Chainlet()
export class Poems extends ChainletBase {
  constructor(
    @depends(VerseWriter, { retries: 2, timeoutSec: 30 }) private readonly writer: Remote<VerseWriter>,
  ) {
    super();
  }

  @endpoint({ input: PoemsInput, output: z.array(Poem) })
  async runRemote({ words }: Input<typeof PoemsInput>): Promise<z.input<typeof Poem>[]> {
    return Promise.all(words.map(async (word) => ({ word, verse: await this.verse(word) })));
  }

  private async verse(word: string): Promise<string> {
    const lines: string[] = [];
    for await (const { text } of this.writer.runRemote({ word })) lines.push(text);
    return lines.join("\n");
  }
}
