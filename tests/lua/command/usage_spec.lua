local command = require "tests.lua.command"
local helper = require "tests.lua.helper"

local run, has = command.run, command.has

describe("the command", function()
  it("helps", function()
    for _, arguments in ipairs { { "--help" }, { "-h" }, { "help" } } do
      local code, out, err = run(arguments)
      assert.equal(0, code)
      assert.equal("", err)
      has(out, "usage: threatlocker COMMAND")
      has(out, "  chain ")
      assert.falsy(out:find "nil")
    end
    for _, arguments in ipairs { { "chain", "--help" }, { "chain", "--no-such", "-h" }, { "help", "chain" } } do
      local code, out = run(arguments)
      assert.equal(0, code)
      has(out, "usage: threatlocker chain --name NAME --ledger FILE")
      has(out, "\n  --max-scope SCOPE ")
      for line in out:gmatch "[^\n]+" do
        assert.is_true(#line <= 120, line)
      end
    end
  end)

  it("shows warnings", function()
    local file <close> = helper.file "not-a-real-token"
    os.execute("chmod 644 " .. file.path)
    local code, _, err = run({ "count" }, { THREATLOCKER_API_KEY_FILE = file.path,
                                            THREATLOCKER_BASE_URL = helper.nowhere })
    assert.equal(1, code)
    has(err, "Lua warning: THREATLOCKER_API_KEY_FILE names a file that others can read: chmod 600 it\n")
  end)

  local wrong = {
    { {}, "usage: threatlocker COMMAND" },
    { { "chian" }, "there is no command 'chian' (did you mean chain?)" },
    { { "zzzzzzzz" }, "there is no command 'zzzzzzzz'\n" },
    { { "help", "chian" }, "there is no command 'chian'" },
    { { "chain" }, "--ledger is missing" },
    { { "chain", "--ledger", "x" }, "--name is missing" },
    { { "chain", "--ledger" }, "--ledger needs a value: FILE" },
    { { "chain", "--ledger=" }, "--ledger is empty" },
    { { "chain", "--ledger", "a", "--ledger=b" }, "--ledger is given twice" },
    { { "chain", "--once=1" }, "--once takes no value" },
    { { "chain", "here" }, "'here' is not expected here" },
    { { "chain", "--", "--help" }, "'--help' is not expected here" },
    { { "chain", "--max-scop", "group" }, "there is no option '--max-scop' (did you mean --max-scope?)" },
    { { "chain", "--zzzzzzzz" }, "there is no option '--zzzzzzzz'\n" },
    { { "chain", "-x" }, "there is no option '-x'" },
    { { "chain", "--timeout", "0" }, "--timeout must be a number above 0" },
    { { "count", "--timeout", "86401" }, "--timeout must be a number above 0, at most 86400" },
    { { "count", "--retries", "1001" }, "--retries must be an integer from 0 to 20" },
    { { "list", "--concurrency", "17" }, "--concurrency must be an integer from 1 to 16" },
    { { "chain", "--max-scope", "all" }, "--max-scope must be one of: computer, group, organization" },
    { { "chain", "--concurrency", "0x8" }, "--concurrency must be an integer from 1 on" },
    { { "chain", "--answerers", "0" }, "--answerers must be an integer from 1 on" },
    { { "chain", "--expired-grace", "99999999999999999999" }, "--expired-grace must be an integer from 0 on" },
    { { "chain", "--name", "x", "--ledger", "y", "--json" }, "--json and --request go with --history" },
    { { "chain", "--ledger", "y", "--history", "--once" }, "--history and --once exclude each other" },
  }
  for _, case in ipairs(wrong) do
    it("says what is wrong with its usage: " .. case[2], function()
      local code, out, err = run(case[1])
      assert.equal(2, code)
      assert.equal("", out)
      has(err, case[2])
    end)
  end

  it("fails where something is missing or unusable", function()
    local code, _, err = run { "chain", "--name", "x", "--ledger", "/nonexistent/x" }
    assert.equal(1, code)
    has(err, "THREATLOCKER_INSTANCE")
    code, _, err = run { "chain", "--history", "--ledger", "/nonexistent/x" }
    assert.equal(1, code)
    has(err, "ledger /nonexistent/x: No such file or directory (config)")
  end)

  for _, arguments in ipairs { { "--help" }, { "endpoints" }, { "endpoints", "--json" } } do
    it("fails where its output cannot be written: " .. table.concat(arguments, " "), function()
      local err <close> = helper.file ""
      local line = helper.script_command("lua/bin/threatlocker", arguments, {})
      assert.equal(1, select(3, os.execute(("%s >/dev/full 2>%s"):format(line, err.path))))
      assert.equal("threatlocker: standard output: No space left on device\n", helper.slurp(err.path))
    end)
  end
end)
