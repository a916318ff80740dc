local chains = require "tests.lua.chains"
local examples = require "tests.lua.examples"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local shell = require "shell"
local threatlocker = require "threatlocker"

describe("tickets.lua", function()
  local all, folder

  before_each(function()
    all, folder = chains.start(), os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir " .. shell.quote(folder)))
  end)

  after_each(function()
    all:stop()
    os.execute("rm -r " .. shell.quote(folder))
  end)

  --- The events of one prompt with that answer, as the chain writes them.
  local function events(word, choice)
    local path = folder .. "/events.jsonl"
    local chain = all:open { events = path }
    all:answer(all:ask(choice and { choice = choice }), word)
    assert(chain:step())
    chain:close()
    return helper.slurp(path)
  end

  local function run(text, ...)
    local input <close> = helper.file(text)
    return helper.run_script("lua/examples/tickets.lua", { folder, ... }, {}, input.path)
  end

  local function ticket(key)
    return json.decode(helper.slurp(("%s/%s.json"):format(folder, key or chains.id)))
  end

  local function states(key)
    local list = {}
    for _, event in ipairs(ticket(key).events) do list[#list + 1] = event.state end
    return table.concat(list, " ")
  end

  it("closes the ticket of a request that was decided", function()
    local code, out, err = run(events "Permit")
    assert.equal(0, code, err)
    assert.equal("seen answered sending permitted", states())
    assert.equal("closed", ticket().status)
    assert.equal("analyst", ticket().events[4].answered_by)
    assert.equal(chains.id .. "  closed  permitted", examples.line_about("closed", out))
  end)

  it("calls a person for one that was left", function()
    assert.equal(0, (run(events("Permit", chains.new_application "organization"))))
    assert.equal("left", ticket().state)
    assert.equal("needs a person", ticket().status)
  end)

  it("changes nothing where an event is repeated, also after a line that was cut short", function()
    local text = events "Reject"
    local first = text:match "^[^\n]+\n"
    assert.equal(0, (run(first)))
    assert.equal("open", ticket().status)
    local code, out = run(text .. first .. '{"event":"torn\n' .. text)
    assert.equal(0, code)
    assert.equal("seen answered sending rejected", states())
    assert.equal("closed", ticket().status)
    assert.equal(3, select(2, out:gsub("\n", "")))
    local before = helper.slurp(("%s/%s.json"):format(folder, chains.id))
    code, out = run(text .. text)
    assert.equal(0, code)
    assert.equal("", out)
    assert.equal(before, helper.slurp(("%s/%s.json"):format(folder, chains.id)))
  end)

  it("follows: a ticket is there before the next event is", function()
    local command = helper.script_command("lua/examples/tickets.lua", { folder }, {})
    local pipe <close> = assert(io.popen(command .. " >/dev/null", "w"))
    for line in events("Permit"):gmatch "[^\n]+\n" do
      pipe:write(line)
      pipe:flush()
      local state = json.decode(line).state
      for _ = 1, 100 do
        if pcall(ticket) and ticket().state == state then break end
        threatlocker.sleep(0.02)
      end
      assert.equal(state, ticket().state)
    end
    assert.is_true(pipe:close())
  end)

  it("shows hostile text harmlessly, and lets it name no file", function()
    local code, out = run('{"event":"x:1","state":"left\\u001b[2J","approval_id":7}\n')
    assert.equal(0, code)
    examples.is_harmless(out, 1)
    assert.equal("needs a person", ticket("prompt-7").status)
    local err
    code, out, err = run '{"event":"x:1","state":"left","approval_id":7,"request_id":"../x"}\n'
    assert.equal(1, code)
    assert.equal("", out)
    helper.has(err, "tickets: an event with a request id that is none")
  end)

  it("fails where there is no folder, or a ticket cannot be read", function()
    local text = events "Permit"
    local code, _, err = helper.run_script("lua/examples/tickets.lua", {}, {})
    assert.equal(1, code)
    helper.has(err, "tickets: usage: ")
    local input <close> = helper.file(text)
    code, _, err = helper.run_script("lua/examples/tickets.lua", { "/nonexistent" }, {}, input.path)
    assert.equal(1, code)
    assert.truthy(err:find "^tickets: [^\n]+No such file or directory\n$", err)
    local file <close> = assert(io.open(("%s/%s.json"):format(folder, chains.id), "w"))
    file:write "{"
    file:close()
    code, _, err = run(text)
    assert.equal(1, code)
    examples.is_harmless(err, 1)
    assert.equal("{", helper.slurp(("%s/%s.json"):format(folder, chains.id)))
  end)
end)
