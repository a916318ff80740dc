local helper = require "tests.lua.helper"
local raises = helper.raises

local row = { approvalRequestId = helper.request_id(1001), organizationId = helper.dental }

describe("the file of a request", function()
  local sandbox, client
  local with_file = helper.request_id(1011) -- of the token's own organization

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client()
  end)

  after_each(function()
    sandbox:stop()
  end)

  --- A path at which nothing is, removed with the test.
  local function free_path()
    local path = os.tmpname()
    os.remove(path)
    return setmetatable({ path = path }, { __close = function() os.remove(path) end })
  end

  local function content(path)
    local file <close> = assert(io.open(path, "rb"))
    return file:read "a"
  end

  it("is described", function()
    local details = assert(client:file_details(with_file))
    assert.equal("diagnose.exe", details.filename)
    assert.truthy(details.fileUrl:find("/_files/", 1, true))
    assert.same(details.filename, assert(client:file_details { approvalRequestId = with_file }).filename)
  end)

  it("may not be there", function()
    local value, message, code = client:file_details(row)
    assert.is_nil(value)
    assert.is_string(message)
    assert.equal("not_found", code)
  end)

  it("is fetched and checked", function()
    local target <close> = free_path()
    local file = assert(client:download_file(with_file, target.path, { timeout = 20, max_bytes = 68 }))
    assert.equal(target.path, file.path)
    assert.equal("diagnose.exe", file.filename)
    assert.equal(68, file.bytes)
    assert.is_true(file.sha256_checked)
    assert.equal(68, #content(target.path))
  end)

  it("never overwrites", function()
    local target <close> = helper.file "mine"
    local value, message, code = client:download_file(with_file, target.path)
    assert.is_nil(value)
    assert.truthy(message:find(target.path, 1, true))
    assert.equal("invalid", code)
    assert.equal("mine", content(target.path))
    assert.equal(0, #sandbox:calls "")
  end)

  it("that is another one, too large or at a bad place leaves nothing", function()
    local target <close> = free_path()
    local other = { approvalRequestId = helper.request_id(1017), organizationId = helper.dental }
    assert.equal("protocol", select(3, client:download_file(other, target.path)))
    assert.equal("protocol", select(3, client:download_file(with_file, target.path, { max_bytes = 67 })))
    sandbox:switch { file_url = "private" }
    assert.equal("invalid", select(3, client:download_file(with_file, target.path)))
    assert.is_nil((io.open(target.path)))
    assert.equal("config", select(3, client:download_file(with_file, "/nonexistent/folder/file")))
    assert.equal("not_found", select(3, client:download_file(row, target.path)))
  end)

  it("raises misuse", function()
    local try = client.download_file
    raises("string expected, got nil", try, client, with_file)
    raises("string expected, got table", try, client, with_file, {})
    raises("string expected, got number", try, client, with_file, 5)
    raises("holds a NUL byte", try, client, with_file, "/tmp/a\0b")
    raises("request id or row expected", try, client, nil, "/tmp/never")
    raises("option 'max_bytes' must be from 1", try, client, with_file, "/tmp/never", { max_bytes = 0 })
    raises("option 'timeout' must be above 0", try, client, with_file, "/tmp/never", { timeout = 0 })
    raises("unknown option 'max_byte'", try, client, with_file, "/tmp/never", { max_byte = 1 })
  end)
end)
