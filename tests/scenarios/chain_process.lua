-- A chain as a service runs it, until nothing is open any more or a signal comes.
--
--   lua5.4 chain_process.lua LEDGER
local threatlocker = require "threatlocker"

local client <close> = assert(threatlocker.client { settle_time = 1 })
local soar <close> = assert(threatlocker.soar {})
local chain <close> = assert(threatlocker.chain {
  name = "night-shift", client = client, soar = soar, ledger = arg[1], since = "2020-01-01T00:00:00Z",
})

assert(chain:run {
  signals = true,
  on_step = function(counts, failure)
    return not failure and counts.watched == 0 and counts.sending == 0
  end,
})
