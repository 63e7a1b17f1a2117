// Check 14: semantic tokens come in fives, inside the legend and the text, ascending, apart; a delta leads to the full result.
import { at, listAt, textAt } from "../../json.ts";
import { positionAt } from "../../../../server/text/index.ts";
import type { Check } from "../check.ts";
import { contentOf } from "../check.ts";
import { isExact } from "./positions.ts";

export const semanticTokensCheck: Check = {
  number: 14,
  name: "semantic tokens",
  open: (session, report) => {
    const results = new Map<string, readonly number[]>();
    return {
      inspect(traffic) {
        const content = contentOf(traffic);
        if (content?.isReply !== true || !content.method.startsWith("textDocument/semanticTokens/")) return;
        const say = (sentence: string): void => report(sentence, content.message);
        const uri = textAt(content.params, "textDocument.uri") ?? "";
        let data = listAt(content.value, "data").map(Number);
        const edits = at(content.value, "edits");
        if (Array.isArray(edits)) {
          const previous = results.get(`${uri} ${textAt(content.params, "previousResultId") ?? ""}`);
          if (previous === undefined) {
            say("a delta to a result that was never given");
            return;
          }
          const patched = [...previous];
          const ordered = [...edits].sort((a, b) => Number(at(b, "start")) - Number(at(a, "start")));
          for (const edit of ordered) {
            const start = Number(at(edit, "start"));
            const deleted = Number(at(edit, "deleteCount"));
            if (start + deleted > previous.length)
              say("a delta that deletes past the end of the previous result");
            patched.splice(start, deleted, ...listAt(edit, "data").map(Number));
          }
          data = patched;
        }
        const resultId = textAt(content.value, "resultId");
        if (resultId !== undefined) results.set(`${uri} ${resultId}`, data);
        inspectTokens(data, uri, content.since, say);
      },
    };

    function inspectTokens(
      data: readonly number[],
      uri: string,
      since: number,
      say: (sentence: string) => void,
    ): void {
      if (data.length % 5 !== 0) {
        say("token data whose length is not a multiple of five");
        return;
      }
      const legend = "semanticTokensProvider.legend";
      const types = listAt(session.serverCapabilities, `${legend}.tokenTypes`).length;
      const modifiers = listAt(session.serverCapabilities, `${legend}.tokenModifiers`).length;
      const text = session.revisionsSince(uri, since)[0]?.text;
      let line = 0;
      let character = 0;
      let end = 0;
      for (let index = 0; index < data.length; index += 5) {
        const [deltaLine = 0, deltaStart = 0, length = 0, type = 0, bits = 0] = data.slice(index, index + 5);
        line += deltaLine;
        character = deltaLine === 0 ? character + deltaStart : deltaStart;
        if (deltaLine !== 0) end = 0;
        if (character < end) say("tokens overlap");
        end = character + length;
        if (length === 0) say("a token without length");
        if (type >= types) say(`the token type ${type} is not in the legend`);
        if (bits >= 2 ** modifiers) say(`the token modifiers ${bits} are not in the legend`);
        if (text === undefined) continue;
        const last = positionAt(text, text.content.length, session.encoding);
        if (line > last.line || !isExact({ line, character: end }, text, session.encoding)) {
          if (!session.supports("textDocument.semanticTokens.multilineTokenSupport"))
            say(`a token at ${line}:${character} that leaves its line`);
        }
      }
    }
  },
};
