local helper = require "tests.lua.helper"

local id = helper.request_id(1001)

describe("a failure", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client { retries = 0, timeout = 5 }
  end)

  after_each(function()
    sandbox:stop()
  end)

  --- Checks the four values of a failed call and that they keep the token.
  local function assert_failure(wanted, value, message, code, failure)
    assert.is_nil(value)
    assert.equal(wanted, code)
    assert.is_string(message)
    assert.falsy(message:find "[\r\n]")
    assert.equal(wanted, failure.code)
    assert.equal(message, failure.message)
    assert.is_boolean(failure.retriable)
    assert.equal(("%s (%s)"):format(message, code), tostring(failure))
    assert.falsy(helper.everything(value, message, code, failure):find(sandbox.token, 1, true))
    return failure
  end

  local function answer_with(status, body, content_type)
    sandbox:fault { match = "ApprovalRequestGetById", kind = "status", status = status, body = body, times = -1,
                    content_type = content_type or "application/json" }
  end

  it("of the caller comes before anything is sent", function()
    for _, bad in ipairs { "", "no-guid", id .. "0", "{" .. id .. "}", "../" .. id } do
      assert_failure("invalid", client:request(bad, { organization_id = helper.dental }))
    end
    assert_failure("invalid", client:request(id, { organization_id = "no-guid" }))
    assert.equal(0, #sandbox:calls "")
  end)

  it("for an unknown token is 'token'", function()
    local stranger = sandbox:client { token = ("0"):rep(64), retries = 0 }
    local failure = assert_failure("token", stranger:request(id))
    assert.equal(440, failure.http_status)
    assert.is_false(failure.retriable)
  end)

  it("for a revoked token is 'token', whatever the status", function()
    sandbox:switch { token = "revoked", unknown_token = "403" }
    assert_failure("token", client:request(id))
  end)

  it("for a missing permission is 'permission' and names the permission", function()
    sandbox:switch { permissions = { "View Computers" } }
    local failure = assert_failure("permission", client:permit_details(id, { organization_id = helper.dental }))
    assert.equal(401, failure.http_status)
    assert.truthy(failure.message:find("View Approvals", 1, true), failure.message)
  end)

  it("for a foreign organization is 'forbidden'", function()
    local failure = assert_failure("forbidden", client:request(id, { organization_id = helper.unrelated }))
    assert.equal(403, failure.http_status)
  end)

  it("for what the server finds wrong is 'invalid' and keeps the LoggerId", function()
    answer_with(417, '{"LoggerId":"L-417","StatusCode":417,"Message":"Invalid Date Range"}')
    local failure = assert_failure("invalid", client:request(id, { organization_id = helper.dental }))
    assert.equal(417, failure.http_status)
    assert.equal("L-417", failure.logger_id)
    assert.truthy(failure.message:find("Invalid Date Range", 1, true), failure.message)
  end)

  it("of the server is 'server'", function()
    answer_with(500, '{"LoggerId":"L-500","StatusCode":500,"Message":"A problem occurred"}')
    local failure = assert_failure("server", client:request(id, { organization_id = helper.dental }))
    assert.equal(500, failure.http_status)
  end)

  it("for a request that is not there is 'not_found', for each of the server's ways to say so", function()
    for _, word in ipairs { "null", "empty", "404" } do
      sandbox:switch { unknown_request = word }
      assert_failure("not_found", client:request(helper.request_id(7777)))
    end
  end)

  local broken = {
    ["a page of HTML"] = { "<html>surely no JSON</html>", "text/html" },
    ["a list in place of a row"] = { "[]" },
    ["a number in place of a row"] = { "5" },
    ["two values"] = { "{} {}" },
    ["half an object"] = { '{"approvalRequestId":' },
    ["another request"] = { '{"approvalRequestId":"' .. helper.request_id(1002) .. '"}' },
  }
  for name, case in pairs(broken) do
    it("for " .. name .. " is 'protocol'", function()
      answer_with(200, case[1], case[2])
      assert_failure("protocol", client:request(id, { organization_id = helper.dental }))
    end)
  end

  it("for a reply that is cut off is 'network' and may be retried", function()
    sandbox:fault { match = "ApprovalRequestGetById", kind = "truncate", times = -1 }
    assert.is_true(assert_failure("network", client:request(id, { organization_id = helper.dental })).retriable)
  end)

  it("for a service that is not there is 'network'", function()
    local lost = sandbox:client { base_url = helper.nowhere, retries = 0 }
    assert.is_true(assert_failure("network", lost:request(id)).retriable)
  end)

  it("for a slow service is 'timeout', within the timeout", function()
    sandbox:fault { match = "ApprovalRequestGetById", kind = "delay", ms = 5000 }
    local hasty = sandbox:client { timeout = 0.3, retries = 0 }
    local before = os.time()
    assert_failure("timeout", hasty:request(id, { organization_id = helper.dental }))
    assert.is_true(os.time() - before <= 2)
  end)

  it("after cancel() is 'cancelled'", function()
    client:cancel()
    assert_failure("cancelled", client:request(id))
  end)

  it("that trying again mends does not show", function()
    sandbox:fault { match = "ApprovalRequestGetById", kind = "status", status = 503 }
    local patient = sandbox:client { retries = 2 }
    assert.equal(id, assert(patient:request(id, { organization_id = helper.dental })).approvalRequestId)
  end)
end)
