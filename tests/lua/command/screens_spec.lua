--- The command in a real terminal, at 80 and 200 columns: what it shows is kept in tests/lua/screens.
local command = require "tests.lua.command"
local examples = require "tests.lua.examples"
local helper = require "tests.lua.helper"
local terminal = require "tests.lua.terminal"

local label_printer = helper.request_id(1003)
local updater = helper.request_id(1001)

describe("in a terminal", function()
  local sandbox

  before_each(function() sandbox = helper.start() end)
  after_each(function() sandbox:stop() end)

  --- Runs it, answers its questions in turn, and compares what is on the screen at the end.
  local function check(name, width, arguments, dialogue, code)
    local it <close> = terminal.run(width, arguments, sandbox:environment())
    for _, turn in ipairs(dialogue or {}) do
      it:answer(turn[1], turn[2])
    end
    local exit_code, screen = it:finish()
    terminal.assert_screen(("%s-%d"):format(name, width), screen)
    assert.equal(code or 0, exit_code)
  end

  local what_now <const> = "What now? [p]ermit [r]eject [i]gnore [s]kip [q]uit:"
  local screens = {
    { "list", { "list" } },
    { "show", { "show", updater } },
    { "match", { "match", updater } },
    { "applications", { "applications", "--organization", helper.dental } },
    { "research", { "research", helper.application_id(101) } },
    { "help", { "--help" } },
    { "help-permit", { "permit", "--help" } },
    { "refused", { "permit", updater, "--matching", helper.application_id(101) }, nil, 1 },
    { "permit", { "permit", label_printer, "--new", "Label printer", "--hash", "this", "--ticket", "INC-1042",
                  "--scope", "group" }, { { "Permit this request? [y/N]", "y" } } },
    { "declined", { "reject", label_printer, helper.request_id(1018), "--reason", "Use the office's printer" },
      { { "Reject these 2 requests? [y/N]", "" } }, 1 },
    { "review", { "review", "--search", "LabelPrinter" }, {
      { what_now, "p" }, { "Name of the new application (nothing = go back):", "Label printer" },
      { "Allow it on this [c]omputer [g]roup [o]rganization (computer):", "" },
      { "Ends (8h, 30d, a UTC time; nothing = never):", "soon" },
      { "Ends (8h, 30d, a UTC time; nothing = never):", "2030-01-01T00:00:00Z" },
      { "Ticket (nothing = none):", "INC-1042" }, { "Permit this request? [y/N]", "y" },
      { what_now, "r" }, { "Reason, for the record and the person (nothing = none):", "Not at the outlet" },
      { "Mail it to them? [y/N]", "n" }, { "Reject this request? [y/N]", "y" },
    } },
    { "elevation", { "review", "--kind", "elevation", "--search", "Calibrate" }, {
      { what_now, "p" },
      { "Which application? 1 to 1 of those above, or the name of a new one (nothing = go back):", "2" },
      { "Which application? 1 to 1 of those above, or the name of a new one (nothing = go back):", "1" },
      { "Elevate? [n]o [y]es [s]ilently (no):", "y" }, { "For how many hours:", "x" }, { "For how many hours:", "2" },
      { "Allow it on this [c]omputer [g]roup [o]rganization (computer):", "" },
      { "Ends (8h, 30d, a UTC time; nothing = never):", "" }, { "Ticket (nothing = none):", "" },
      { "Permit this request? [y/N]", "n" }, { what_now, "q" },
    } },
  }
  for _, each in ipairs(screens) do
    for _, width in ipairs { 80, 200 } do
      it(("shows %s at %d columns"):format(each[1], width), function()
        check(each[1], width, each[2], each[3], each[4])
      end)
    end
  end

  it("tells how far a long list has come, where the list itself goes elsewhere", function()
    local many = helper.start "--requests 3000 --latency-ms 60"
    finally(function() many:stop() end)
    local file <close> = helper.file ""
    local it <close> = terminal.run(80, { "list", "--json" }, many:environment(), file.path)
    local seen
    for _ = 1, 200 do
      seen = it:screen():match "%d+ of 3014 requests, %d+/s"
      if seen then break end
      os.execute "sleep 0.02"
    end
    assert.is_string(seen)
    local code, screen = it:finish()
    assert.equal(0, code)
    assert.equal("", screen)
    assert.equal(3014, select(2, command.slurp(file.path):gsub("\n", "")))
  end)

  it("elevates nothing in a review where a question about it got no answer", function()
    for _, answers in ipairs { {}, { "y" } } do
      local it <close> = terminal.run(120, { "review", "--kind", "elevation", "--search", "Calibrate" },
        sandbox:environment())
      it:answer(what_now, "p")
      it:answer("or the name of a new one (nothing = go back):", "1")
      for _, answer in ipairs(answers) do
        it:answer("Elevate? [n]o [y]es [s]ilently (no):", answer)
      end
      it:wait(answers[1] and "For how many hours:" or "Elevate? [n]o [y]es [s]ilently (no):")
      it:press "C-d"
      it:answer("Allow it on this [c]omputer [g]roup [o]rganization (computer):", "")
      it:answer("Ends (8h, 30d, a UTC time; nothing = never):", "")
      it:answer("Ticket (nothing = none):", "")
      command.has(it:wait "Permit this request? [y/N]", "Elevated      no\n")
    end
  end)

  it("says that a review may lack requests where the list moved too much", function()
    examples.move_list({ sandbox = sandbox }, 7)
    local it <close> = terminal.run(120, { "review" }, sandbox:environment())
    it:answer(what_now, "q")
    local code, screen = it:finish()
    assert.equal(0, code)
    command.has(screen, "the list moved too much while it was read: some requests may be missing\nRequest 1 of ")
  end)

  it("has colours, but not with NO_COLOR", function()
    for no_color, coloured in pairs { [""] = true, ["1"] = false } do
      local it <close> = terminal.run(80, { "show", updater }, sandbox:environment { NO_COLOR = no_color })
      it:finish()
      assert.equal(coloured, (it:screen "-e"):find("\27[", 1, true) ~= nil)
    end
  end)
end)
