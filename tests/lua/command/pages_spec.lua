--- Help, man page and completion: all from one table of subcommands and options.
local command = require "tests.lua.command"
local helper = require "tests.lua.helper"
local options = require "threatlocker.command.options"
local shell = require "shell"
local subcommands = require "threatlocker.command.subcommands"

local has = command.has

--- The words of a command line as a shell would split it, up to a pipe.
local function split(line)
  local printed = shell.capture("set -f; threatlocker() { for word; do printf '%s\\n' \"$word\"; done; exit; }; "
    .. line:gsub("%s*[|>].*$", ""))
  local words = {}
  for word in printed:gmatch "[^\n]+" do
    words[#words + 1] = word
  end
  return words
end

describe("every subcommand", function()
  for _, subcommand in ipairs(subcommands) do
    it(subcommand.name .. " explains itself", function()
      local code, out, err = command.run { subcommand.name, "--help" }
      assert.equal(0, code)
      assert.equal("", err)
      has(out, "usage: threatlocker " .. subcommand.name)
      has(out, "\nExamples:\n")
      has(out, "\n  -h, --help")
      for line in out:gmatch "[^\n]+" do
        assert.is_true(#line <= 120, line)
      end
      for _, option in ipairs(subcommands.options(subcommand)) do
        has(out, "--" .. option.name)
        assert.is_true(#option.help > 0)
      end
    end)

    it(subcommand.name .. " has examples that it understands", function()
      for _, example in ipairs(subcommand.examples) do
        local line = example[1]:match("threatlocker " .. subcommand.name .. ".*") or error(example[1])
        local words = split((line:gsub("%)\"?$", "")))
        words[#words + 1] = example[1]:find "xargs" and "what-xargs-adds" or nil
        assert.equal(subcommand.name, words[1])
        local values, wrong = options.parse(subcommands.options(subcommand), subcommand.operands or {}, words, 2)
        assert.is_nil(wrong, line)
        wrong = subcommand.check and subcommand.check(values)
        assert.is_nil(wrong, line)
      end
    end)
  end

  it("has options that no other one hides", function()
    for _, subcommand in ipairs(subcommands) do
      local seen = {}
      for _, option in ipairs(subcommands.options(subcommand)) do
        for _, name in ipairs { option.name, option.short } do
          assert.is_nil(seen[name], subcommand.name .. " " .. name)
          seen[name] = true
        end
      end
    end
  end)
end)

describe("the man page", function()
  local page = select(2, command.run { "manual" })

  it("is well made", function()
    local file <close> = helper.file(page)
    local complaints = shell.capture("mandoc -T lint -W warning " .. file.path .. " 2>&1"):gsub(
      "[^\n]*missing date[^\n]*\n", "")
    assert.equal("", complaints)
  end)

  it("tells of every subcommand, option and variable", function()
    local file <close> = helper.file(page)
    local shown = shell.capture("mandoc -T ascii " .. file.path):gsub(".\b", "") -- bold is overstruck
    for _, subcommand in ipairs(subcommands) do
      has(shown, "\n   " .. subcommand.name .. "\n")
      for _, option in ipairs(subcommands.options(subcommand)) do
        has(shown, "--" .. option.name)
      end
    end
    for _, name in ipairs { "THREATLOCKER_API_KEY_FILE", "THREATLOCKER_INSTANCE", "THREATLOCKER_BASE_URL",
                            "THREATLOCKER_ORG_ID", "SOAR_URL", "SOAR_TOKEN_FILE", "SOAR_USER", "SOAR_PASSWORD",
                            "https_proxy", "all_proxy", "no_proxy", "SSLKEYLOGFILE", "COLUMNS", "NO_COLOR",
                            "EXIT STATUS", "Unofficial" } do
      has(shown, name)
    end
  end)
end)

describe("completion", function()
  --- What bash offers for the last of these words.
  local function offered(...)
    local words = {}
    for at, word in ipairs { "threatlocker", ... } do
      words[at] = shell.quote(word)
    end
    local script <close> = helper.file(select(2, command.run { "completion", "bash" }))
    local line = ([[source %s; compopt() { echo files; }; COMP_WORDS=(%s); COMP_CWORD=%d; _threatlocker;
      printf '%%s\n' "${COMPREPLY[@]}"]]):format(script.path, table.concat(words, " "), select("#", ...))
    return (shell.capture("bash --norc -c " .. shell.quote(line)):gsub("\n", " "):gsub(" +$", ""))
  end

  local cases = {
    { { "per" }, "permit" }, { { "re" }, "*reject review*" }, { { "help", "sho" }, "show" },
    { { "permit", "--sc" }, "--scope" }, { { "permit", "--scope", "" }, "computer group organization" },
    { { "permit", "--scope", "g" }, "group" }, { { "permit", "--ticket", "" }, "" },
    { { "list", "--ca-file", "" }, "files" }, { { "completion", "z" }, "zsh" }, { { "list", "--no-such" }, "" },
  }
  for _, case in ipairs(cases) do
    it(("of bash offers %q for %s"):format(case[2], table.concat(case[1], " ")), function()
      local seen, wanted = offered(table.unpack(case[1])), case[2]
      if wanted:sub(1, 1) == "*" then
        for word in wanted:gmatch "%a+" do
          has(" " .. seen .. " ", " " .. word .. " ")
        end
      else
        assert.equal(wanted, seen)
      end
    end)
  end

  it("of zsh is understood by zsh", function()
    local script <close> = helper.file(select(2, command.run { "completion", "zsh" }))
    assert.equal("", shell.capture("zsh -f -n " .. script.path .. " 2>&1"))
    local program = "autoload -U compinit; compinit -D; source %s; print $_comps[threatlocker]"
    local defined = shell.capture(("zsh -f -c %s 2>&1"):format(shell.quote(program:format(script.path))))
    assert.equal("_threatlocker\n", defined)
  end)

  it("is for known shells", function()
    local code, _, err = command.run { "completion", "fish" }
    assert.equal(2, code)
    has(err, "SHELL must be one of: bash, zsh")
  end)
end)

describe("the command", function()
  it("tells its version", function()
    local code, out = command.run { "--version" }
    assert.equal(0, code)
    assert.equal("threatlocker " .. require("threatlocker")._VERSION .. "\n", out)
  end)
end)
