local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

describe("probe", function()
  it("tells of an open way, for both services", function()
    local sandbox = helper.start()
    finally(function() sandbox:stop() end)
    for _, service in ipairs { sandbox:client(), sandbox:soar_client() } do
      local probe = assert(service:probe())
      assert.equal("replied", probe.stage)
      assert.same({ "127.0.0.1" }, probe.addresses)
      assert.equal("127.0.0.1", probe.host)
      assert.equal("127.0.0.1", probe.address)
      assert.equal(tonumber(sandbox.soar:match "%d+$"), probe.port)
      assert.same({}, probe.certificates)
      assert.is_false(probe.https)
      assert.is_false(probe.trusted)
      assert.is_true(math.abs(probe.clock_skew) <= 1)
      assert.is_true(math.abs(probe.server_time - os.time()) <= 3)
      assert.truthy(probe.libcurl:find "^%d+%.%d+")
      assert.truthy(probe.http_status and probe.tls)
      assert.is_nil(probe.failure or probe.proxy or probe.certificate_pem)
    end
  end)

  it("tells of the certificates, and whether they are trusted", function()
    local sandbox = helper.start "--self-signed"
    finally(function() sandbox:stop() end)
    local stranger = assert(sandbox:soar_client():probe())
    assert.equal("proxied", stranger.stage)
    assert.equal("tls", stranger.failure.code)
    assert.is_false(stranger.trusted)
    local certificate = stranger.certificates[1]
    assert.is_true(certificate.self_signed)
    assert.equal(certificate.subject, certificate.issuer)
    assert.truthy(certificate.sha256:find("^" .. ("%x"):rep(64) .. "$"))
    assert.is_true(certificate.not_before < os.time() and certificate.not_after > os.time())
    local known = assert(sandbox:soar_client { ca_file = sandbox.ca_file }:probe())
    assert.equal("replied", known.stage)
    assert.is_true(known.trusted)
    assert.equal(sandbox.ca_file, known.ca)
    assert.equal(stranger.certificate_pem, known.certificate_pem)
  end)

  it("tells where the way ends, and logs what it did", function()
    local lines = {}
    local client <close> = assert(threatlocker.client {
      base_url = "https://portalapi.invalid/portalapi", token = "x", proxy = "",
      log = function(line) lines[#lines + 1] = line end,
    })
    local probe = assert(client:probe())
    assert.equal("none", probe.stage)
    assert.equal("network", probe.failure.code)
    assert.equal("portalapi.invalid", probe.host)
    assert.equal(1, #lines)
    assert.truthy(lines[1]:find "^GET probe network")
  end)

  it("needs a client that is open", function()
    local client = assert(threatlocker.client { instance = "g", token = "x" })
    local probe = client.probe
    client:cancel()
    assert.equal("cancelled", select(3, client:probe()))
    client:close()
    helper.raises("closed", probe, client)
    local soar <close> = assert(threatlocker.soar { url = "https://localhost", token = "x" })
    helper.raises("threatlocker.client expected", probe, soar)
  end)
end)
