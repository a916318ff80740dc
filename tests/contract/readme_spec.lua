--- README says what is so: its C, its commands, its tables. (Its Lua: tests/lua/examples/readme_spec.lua.)
--- TL_UPDATE_README=1 writes the table of actions anew; TL_LONG=1 runs all commands, else only `threatlocker`.
local actions_table = require "tests.contract.actions_table"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local shell = require "shell"
local types = require "types"

local request <const> = "9f3c2a71-0000-4000-8000-000000000001" -- README's, of a file that nothing matches

--- The blocks of a language, in order.
local function blocks(language)
  local found = {}
  for block in helper.slurp("README.md"):gmatch("\n```" .. language .. "\n(.-\n)```\n") do
    found[#found + 1] = block
  end
  return found
end

--- Runs a shell command with these variables of ours; returns its exit code and all that it wrote.
local function run(line, environment)
  local said <close> = helper.file ""
  local _, how, code = os.execute(("%s bash -c %s >%s 2>&1"):format(helper.environment(environment), shell.quote(line),
    said.path))
  return how == "exit" and code or how, helper.slurp(said.path)
end

describe("README's C", function()
  local library <const> = os.getenv "TL_LIBRARY_FOLDER"

  it("compiles and runs as it stands there", function()
    local sandbox = helper.start()
    finally(function() sandbox:stop() end)
    local programs = blocks "c"
    assert.equal(1, #programs)
    local source <close> = helper.file(programs[1])
    local program <close> = helper.file ""
    local code, said = run(([[%s -std=c11 -Wall -Wextra -pedantic -Werror -o %s -xc %s -Isrc -L%s -lthreatlocker \
      $(pkg-config --cflags --libs libcjson)]]):format(os.getenv "TL_CC", program.path, source.path,
      shell.quote(library)), {})
    assert.equal(0, code, said)

    local environment = sandbox:environment { LD_LIBRARY_PATH = library }
    code, said = run("chmod +x " .. program.path .. " && " .. program.path, environment)
    assert.equal(0, code, said)
    assert.equal(("%d requests wait\n"):format(assert(sandbox:client():count { children = true })), said)
  end)

  it("has an example of at most 60 lines that lists the queue and previews a permit", function()
    local sandbox = helper.start()
    finally(function() sandbox:stop() end)
    local id <const> = helper.request_id(1003)
    local code, said = run(shell.quote(os.getenv "TL_EXAMPLE") .. " " .. id, sandbox:environment())
    assert.equal(0, code, said)
    helper.has(said, id .. "  C:\\Users\\p.adeyemi\\Downloads\\LabelPrinterSetup.exe\npreview: {")
    local body = json.decode((said:match "\npreview: ([^\n]+)"))
    assert.equal(sandbox:client():request(id, { organization_id = helper.bakery }).threatLockerActionDto.hash,
      body.fileDetails.hash)
    local _, lines = said:gsub("\n", "")
    assert.equal(assert(sandbox:client():count { children = true }) + 1, lines)
    assert.equal(0, sandbox:request(id).writes.permit)

    _, lines = helper.slurp("src/examples/preview.c"):gsub("\n", "")
    assert.is_true(lines <= 60, lines .. " lines")
  end)
end)

describe("README's commands, from top to bottom,", function()
  local long <const> = os.getenv "TL_LONG" == "1"
  local answers <const> = { permit = "y", review = "quit" }

  local sandbox, environment, home, folder

  setup(function()
    sandbox = helper.start()
    local seed = json.decode(helper.slurp "tests/sandbox/fixtures/default.json")
    for _, each in ipairs(seed.requests) do
      if each.approvalRequestId == helper.request_id(1003) then
        each.approvalRequestId = request
      end
    end
    sandbox:call("POST", "seed", seed)

    home, folder = shell.capture("mktemp -d"):match "[^\n]+", shell.capture("pwd"):match "[^\n]+"
    os.execute("mkdir " .. home .. "/bin")
    local program <close> = assert(io.open(home .. "/bin/threatlocker", "w"))
    program:write(("#!/bin/sh\nexec %s %s/lua/bin/threatlocker \"$@\"\n"):format(shell.quote(shell.interpreter()),
      shell.quote(folder)))
    os.execute("chmod +x " .. home .. "/bin/threatlocker")
    environment = sandbox:environment { HOME = home, PATH = home .. "/bin:" .. os.getenv "PATH" }
  end)

  teardown(function()
    sandbox:stop()
    os.execute("rm -rf " .. home)
  end)

  --- In a terminal of its own, answered where it asks; what runs until SIGTERM gets one after some seconds.
  local function in_terminal(line)
    local word = line:match "^threatlocker (%w+)"
    local limit = line:find "chain %-%-name" and "timeout --preserve-status -s TERM 3 " or ""
    return ("cd %s && printf '%s\\n' | script -qec %s /dev/null"):format(home, answers[word] or "",
      shell.quote(limit .. line))
  end

  local count = 0
  for _, block in ipairs(blocks "sh") do
    for line in block:gmatch "[^\n]+" do
      line = line:gsub("%s+#.*$", "")
      local here = line:find "^threatlocker " ~= nil
      count = count + 1
      if here or long then
        it(line, function()
          local line_run = here and in_terminal(line) or line:gsub("^%./dev test$", "./dev build")
          local code, said = run(line_run, environment)
          assert.equal(0, code, said)
          assert.is_true(#said > 0)
        end)
      end
    end
  end

  it("permit what they say, once", function()
    assert.equal(1, sandbox:request(request).writes.permit)
    assert.is_true(count >= 14, count .. " commands")
  end)
end)

describe("README's tables", function()
  it("have the actions of the manifest with their permissions", function()
    local readme = helper.slurp "README.md"
    local before, now, after = readme:match "^(.-\n<!%-%- actions:[^\n]+\n)(.-)(<!%-%- end of actions %-%->.*)$"
    local wanted = "\n" .. actions_table.actions() .. "\n"
    if os.getenv "TL_UPDATE_README" == "1" then
      local file <close> = assert(io.open("README.md", "w"))
      file:write(before, wanted, after)
      now = wanted
    end
    assert.equal(wanted, now, "TL_UPDATE_README=1 ctest -R contract/readme writes it anew")
  end)

  it("have every option and environment variable of a client", function()
    local configuration = helper.slurp("README.md"):match "\n## Configuration\n(.-)\n## "
    local text = types.text()
    local doc = types.parse(text)
    for _, class in ipairs { "threatlocker.client_options", "threatlocker.soar_options" } do
      for name in pairs(types.fields(doc, class)) do
        helper.has(configuration, "`" .. name .. "`")
      end
    end
    local variables = 0
    for name in text:gmatch "%f[%w_]%u+_[%u_]+%f[^%w_]" do
      if name:find "^THREATLOCKER_" or name:find "^SOAR_" then
        variables = variables + 1
        helper.has(configuration, "`" .. name .. "`")
      end
    end
    assert.is_true(variables > 8)
  end)
end)
