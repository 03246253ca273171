import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IniFile } from "./ini.ts";

const FILE = `# my accounts
[baseten]
remote_provider = baseten
; the key of the team
api_key: first
note = one
  two

[other]
API_KEY = second
`;

describe("an INI file", () => {
  it("is read as ConfigParser reads it: colons, case, continued values, whole-line comments", () => {
    const file = new IniFile(FILE, "/x");
    expect(file.sectionNames).toEqual(["baseten", "other"]);
    expect(file.section("baseten")).toEqual({
      remote_provider: "baseten",
      api_key: "first",
      note: "one\ntwo",
    });
    expect(file.section("other")).toEqual({ api_key: "second" });
  });

  it("lets [DEFAULT] hold for every section, and does not list it", () => {
    const file = new IniFile("[DEFAULT]\nteam = a\n[x]\nteam = b\n[y]\n", "/x");
    expect(file.sectionNames).toEqual(["x", "y"]);
    expect([file.section("x"), file.section("y")]).toEqual([{ team: "b" }, { team: "a" }]);
  });

  it("keeps comments and other sections when a key is changed", () => {
    const text = new IniFile(FILE, "/x").with("baseten", { api_key: "new", note: undefined, team: "a" });
    expect(text).toBe(`# my accounts
[baseten]
team = a
remote_provider = baseten
; the key of the team
api_key = new

[other]
API_KEY = second
`);
  });

  it("loses a section without touching its neighbours", () => {
    expect(new IniFile(FILE, "/x").without("baseten")).toBe("# my accounts\n[other]\nAPI_KEY = second\n");
  });

  it.each([
    ["a key before any section", "api_key = topsecret"],
    ["a line that is neither", "[a]\ntopsecret"],
    ["a key twice", "[a]\nk = topsecret\nk = topsecret"],
    ["a section twice", "[a]\n[a]"],
  ])("is refused for %s, without the line's text", (_, text) => {
    expect(() => new IniFile(text, "/home/.trussrc")).toThrow(/\/home\/\.trussrc cannot be read: line \d/);
    try {
      new IniFile(text, "/home/.trussrc");
    } catch (error) {
      expect(String(error)).not.toContain("topsecret");
    }
  });

  it("gives back what was set, whatever was there", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const value = fc.stringMatching(/^[!-~]([ -~]{0,12}[!-~])?$/);
    const section = fc.dictionary(word, value);
    fc.assert(
      fc.property(fc.dictionary(word, section), word, section, (before, name, values) => {
        let text = "";
        for (const [header, keys] of Object.entries(before))
          text = new IniFile(text, "/x").with(header, keys);
        const after = new IniFile(new IniFile(text, "/x").with(name, values), "/x");
        expect(after.section(name)).toEqual({ ...before[name], ...values });
        for (const other of Object.keys(before))
          if (other !== name) expect(after.section(other)).toEqual({ ...before[other] });
      }),
    );
  });
});
