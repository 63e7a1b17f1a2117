// The prompt formats as their makers publish them, written down by hand: what `models/prompt-formats.json` has to give.
import type { FixtureModel } from "../kit/fixture-model.ts";

/** A prompt up to the current line. In a spaced vocabulary piece by piece; anything that is no piece is spelled letter by letter. */
type Published = string | readonly string[];

export interface Family {
  readonly name: string;
  readonly model: FixtureModel;
  /** Of the one open file. */
  readonly alone: Published;
  /** With the repository `shop` and the file lib/b.py, `B = 1`, in front. */
  readonly withFiles: Published;
  /** Where the language has no line comment. */
  readonly withoutComment?: Published;
  /** The special tokens without which a prompt of this family cannot be built. */
  readonly required: readonly string[];
  /** What ends an answer; the begin and end tokens of the model's own are not among them. */
  readonly stop: readonly string[];
}

/** The open file is src/a.py in Python; the cursor stands after `    return op`. */
export const BEFORE = "import os\n\n\ndef load(path):\n    return op";
export const AFTER = ')\n\n\nload("x")\n';
export const RELATED: readonly { readonly path: string; readonly text: string }[] = [
  { path: "lib/b.py", text: "B = 1\n" },
];

const ABOVE = "import os\n\n\ndef load(path):\n";
/** GPT-2's pattern gives the line break to the line after it. */
const ABOVE_LEADING = ABOVE.trimEnd();

interface Plain {
  readonly name: string;
  readonly tokens: readonly string[];
  readonly stop: readonly string[];
  readonly begin?: string;
  readonly joint?: "leading" | "trailing";
  readonly alone: string;
  readonly withFiles: string;
}

function plain({ name, tokens, stop, begin, joint, alone, withFiles }: Plain): Family {
  const all = [...new Set([...tokens, ...stop])];
  return {
    name,
    model: { special: all, begin: begin ?? null, ...(joint === undefined ? {} : { joint }) },
    alone,
    withFiles,
    // A file that cannot be named by a token is named by a comment.
    required: tokens.filter((text) => alone.includes(text) && !alone.includes(`${text}src/`)),
    stop: all,
  };
}

/** StarCoder and what came of it: PSM, no file tokens inside of a prompt. */
function star(name: string, stop: readonly string[]): Family {
  return plain({
    name,
    tokens: ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"],
    stop,
    joint: "leading",
    alone: `<fim_prefix># src/a.py\n${ABOVE_LEADING}<fim_suffix>${AFTER}<fim_middle>`,
    withFiles: `<fim_prefix># lib/b.py\nB = 1\n# src/a.py\n${ABOVE_LEADING}<fim_suffix>${AFTER}<fim_middle>`,
  });
}

const PIECES = ["de", "def", "▁▁", "▁▁▁▁", "▁#", "▁+", "▁i"];
const ABOVE_PIECES = ["import", "▁", "os\n\n\n", "def", "▁", "load(path):\n"];

function spaced(
  begin: string,
  special: readonly string[],
  addsBlank: boolean,
): Pick<Family, "model" | "stop"> {
  return { model: { special, begin, spaced: { pieces: PIECES, addsBlank } }, stop: special };
}

export const FAMILIES: readonly Family[] = [
  // github.com/QwenLM/Qwen2.5-Coder, README: file-level and repository-level completion.
  plain({
    name: "qwen",
    tokens: ["<|repo_name|>", "<|file_sep|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"],
    stop: ["<|fim_pad|>", "<|im_start|>", "<|im_end|>"],
    joint: "trailing",
    alone: `<|file_sep|>src/a.py\n<|fim_prefix|>${ABOVE}<|fim_suffix|>${AFTER}<|fim_middle|>`,
    withFiles:
      `<|repo_name|>shop\n<|file_sep|>lib/b.py\nB = 1\n<|file_sep|>src/a.py\n` +
      `<|fim_prefix|>${ABOVE}<|fim_suffix|>${AFTER}<|fim_middle|>`,
  }),
  // arXiv 2305.06161 (StarCoder), and the playground's page on formats.
  star("starcoder", ["<fim_pad>", "<filename>", "<reponame>", "<gh_stars>"]),
  star("refact", ["<fim_pad>", "<filename>", "<reponame>", "<empty_output>"]),
  star("stable-code", ["<fim_pad>", "<file_sep>", "<repo_name>", "<|im_end|>"]),
  star("granite", ["<fim_pad>", "<filename>", "<reponame>"]),
  // arXiv 2402.19173, section 5.1: the path stands behind the prefix token.
  plain({
    name: "starcoder2",
    tokens: ["<repo_name>", "<file_sep>", "<fim_prefix>", "<fim_suffix>", "<fim_middle>"],
    stop: ["<fim_pad>"],
    joint: "leading",
    alone: `<file_sep><fim_prefix>src/a.py\n${ABOVE_LEADING}<fim_suffix>${AFTER}<fim_middle>`,
    withFiles:
      `<repo_name>shop<file_sep>lib/b.py\nB = 1\n<file_sep><fim_prefix>src/a.py\n` +
      `${ABOVE_LEADING}<fim_suffix>${AFTER}<fim_middle>`,
  }),
  // github.com/deepseek-ai/DeepSeek-Coder, README: insertion and repository-level completion ("#utils.py").
  plain({
    name: "deepseek",
    tokens: ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"],
    stop: ["<｜end▁of▁sentence｜>", "<|EOT|>"],
    begin: "<｜begin▁of▁sentence｜>",
    alone: `<｜fim▁begin｜>#src/a.py\n${ABOVE}<｜fim▁hole｜>${AFTER}<｜fim▁end｜>`,
    withFiles: `<｜fim▁begin｜>#lib/b.py\nB = 1\n#src/a.py\n${ABOVE}<｜fim▁hole｜>${AFTER}<｜fim▁end｜>`,
  }),
  // github.com/ibm-granite: Granite 4 uses the tokens of Qwen, but for files.
  plain({
    name: "granite4",
    tokens: ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"],
    stop: ["<|end_of_text|>", "<|fim_pad|>", "<|filename|>", "<|reponame|>"],
    joint: "trailing",
    alone: `<|fim_prefix|># src/a.py\n${ABOVE}<|fim_suffix|>${AFTER}<|fim_middle|>`,
    withFiles: `<|fim_prefix|># lib/b.py\nB = 1\n# src/a.py\n${ABOVE}<|fim_suffix|>${AFTER}<|fim_middle|>`,
  }),
  // The card of JetBrains/Mellum-4b-base: suffix first, each file behind its name.
  plain({
    name: "mellum",
    tokens: ["<filename>", "<fim_suffix>", "<fim_prefix>", "<fim_middle>"],
    stop: ["<fim_pad>", "<reponame>"],
    alone: `<filename>src/a.py\n<fim_suffix>${AFTER}<fim_prefix>${ABOVE}<fim_middle>`,
    withFiles: `<filename>lib/b.py\nB = 1\n<filename>src/a.py\n<fim_suffix>${AFTER}<fim_prefix>${ABOVE}<fim_middle>`,
  }),
  // arXiv 2506.03524 (Seed-Coder): suffix first.
  plain({
    name: "seed",
    tokens: ["<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>"],
    stop: ["<[end▁of▁sentence]>"],
    begin: "<[begin▁of▁sentence]>",
    alone: `<[fim-suffix]>${AFTER}<[fim-prefix]># src/a.py\n${ABOVE}<[fim-middle]>`,
    withFiles: `<[fim-suffix]>${AFTER}<[fim-prefix]># lib/b.py\nB = 1\n# src/a.py\n${ABOVE}<[fim-middle]>`,
  }),
  // llama.cpp, pull request 19249, after the tokeniser of tiiuae/Falcon-H1-Tiny-Coder-90M.
  plain({
    name: "falcon",
    tokens: ["<|prefix|>", "<|suffix|>", "<|middle|>"],
    stop: ["<|end_of_text|>", "<|im_end|>"],
    alone: `<|prefix|># src/a.py\n${ABOVE}<|suffix|>${AFTER}<|middle|>`,
    withFiles: `<|prefix|># lib/b.py\nB = 1\n# src/a.py\n${ABOVE}<|suffix|>${AFTER}<|middle|>`,
  }),
  // github.com/meta-llama/codellama, llama/generation.py: the prefix is encoded with SentencePiece's blank in front,
  // the suffix and the answer without.
  {
    name: "codellama",
    ...spaced("<s>", ["▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>", "</s>"], true),
    alone: ["▁<PRE>", "▁#", "▁", "src/a.py\n", ...ABOVE_PIECES, "▁<SUF>", AFTER, "▁<MID>"],
    withFiles: [
      ...["▁<PRE>", "▁#", "▁", "lib/b.py\n", "B = 1\n", "# src/a.py\n"],
      ...[...ABOVE_PIECES, "▁<SUF>", AFTER, "▁<MID>"],
    ],
    withoutComment: ["▁<PRE>", "▁i", "mport os\n\n\n", "def", " load(path):\n", "▁<SUF>", AFTER, "▁<MID>"],
    required: ["▁<PRE>", "▁<SUF>", "▁<MID>"],
  },
  // ai.google.dev/gemma/docs/codegemma: no blanks between tokens and text, files divided by a token of their own.
  {
    name: "codegemma",
    ...spaced(
      "<bos>",
      ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>", "<eos>", "<end_of_turn>"],
      false,
    ),
    alone: ["<|fim_prefix|>", "# src/a.py\n", ...ABOVE_PIECES, "<|fim_suffix|>", AFTER, "<|fim_middle|>"],
    withFiles: [
      ...["# lib/b.py\nB = 1\n", "<|file_separator|>", "<|fim_prefix|>", "# src/a.py\n", ...ABOVE_PIECES],
      ...["<|fim_suffix|>", AFTER, "<|fim_middle|>"],
    ],
    withoutComment: ["<|fim_prefix|>", ...ABOVE_PIECES, "<|fim_suffix|>", AFTER, "<|fim_middle|>"],
    required: ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"],
  },
  // github.com/mistralai/mistral-common, encode_fim: the suffix without, the prefix with SentencePiece's blank in front.
  // The blocks of other files are those of Continue's multi-file template.
  {
    name: "codestral",
    ...spaced("<s>", ["[SUFFIX]", "[PREFIX]", "[MIDDLE]", "</s>"], true),
    alone: ["[SUFFIX]", AFTER, "[PREFIX]", "▁+", "++++ src/a.py\n", ...ABOVE_PIECES],
    withFiles: [
      ...[
        "[SUFFIX]",
        AFTER,
        "[PREFIX]",
        "▁+",
        "++++ lib/b.py\nB = 1\n\n",
        "+++++ src/a.py\n",
        ...ABOVE_PIECES,
      ],
    ],
    required: ["[SUFFIX]", "[PREFIX]"],
  },
  // github.com/aixcoder-plugin/aiXcoder-7B, README: pre-training tasks, PSM mode.
  {
    name: "aixcoder",
    ...spaced("<s>", ["▁<AIX-SPAN-PRE>", "▁<AIX-SPAN-POST>", "▁<AIX-SPAN-MIDDLE>", "</s>"], true),
    alone: [
      ...[
        "▁<AIX-SPAN-PRE>",
        "# the file path",
        "▁i",
        "s: src/a.py\n# the co",
        "de",
        " file",
        "▁i",
        "s written by Python\n",
      ],
      ...[...ABOVE_PIECES, "▁<AIX-SPAN-POST>", AFTER, "▁<AIX-SPAN-MIDDLE>"],
    ],
    withFiles: [
      ...["▁<AIX-SPAN-PRE>", "# the file path", "▁i", "s: lib/b.py\nB = 1\n"],
      ...["# the file path", "▁i", "s: src/a.py\n# the co", "de", " file", "▁i", "s written by Python\n"],
      ...[...ABOVE_PIECES, "▁<AIX-SPAN-POST>", AFTER, "▁<AIX-SPAN-MIDDLE>"],
    ],
    withoutComment: [
      ...["▁<AIX-SPAN-PRE>", ...ABOVE_PIECES, "▁<AIX-SPAN-POST>", AFTER, "▁<AIX-SPAN-MIDDLE>"],
    ],
    required: ["▁<AIX-SPAN-PRE>", "▁<AIX-SPAN-POST>", "▁<AIX-SPAN-MIDDLE>"],
  },
  plain({
    name: "prefix-only",
    tokens: [],
    stop: [],
    joint: "trailing",
    alone: `# src/a.py\n${ABOVE}`,
    withFiles: `# lib/b.py\nB = 1\n# src/a.py\n${ABOVE}`,
  }),
];
