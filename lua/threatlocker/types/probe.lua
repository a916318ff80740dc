---@meta _
--- Whether a service is in reach, and what is in the way.

---@alias threatlocker.probe_stage  each needs all before it
---| "none"  the name is not even known
---| "resolved"  the name has addresses; with a proxy: the proxy's name
---| "connected"  TCP; with a proxy: to the proxy
---| "proxied"  the proxy opened the way; without a proxy at once
---| "secured"  TLS, and the certificate is trusted; with plain http at once
---| "replied"  an HTTP reply came, whatever its status

--- What a server says of itself: only as true as the server is trusted.
---@class threatlocker.certificate
---@field subject? string  whom it names
---@field issuer? string  who signed it
---@field sha256? string  fingerprint, 64 hex digits
---@field not_before? integer  seconds since 1970
---@field not_after? integer  seconds since 1970
---@field self_signed boolean  its own issuer, by name

--- How far the way to a service is open.
---@class threatlocker.probe
---@field stage threatlocker.probe_stage  the last one that was reached
---@field failure? threatlocker.failure  what stopped it there
---@field host string  of the service
---@field port integer  of the service
---@field https boolean  by its URL
---@field proxy? string  without user and password
---@field proxy_status? integer  HTTP status of the proxy's answer
---@field addresses string[]  that were tried: the host's, or the proxy's
---@field address? string  that was connected to
---@field ca? string  file or folder of the CAs that are trusted
---@field certificates threatlocker.certificate[]  the server's chain, its own first
---@field certificate_pem? string  the first one; unverified unless `trusted`: compare its fingerprint before trusting it
---@field trusted boolean  TLS, and the certificate is trusted
---@field http_status? integer  of the reply
---@field server_time? integer  seconds since 1970, by the reply's Date
---@field clock_skew? integer  seconds that the server's clock is ahead of ours
---@field libcurl string  its version at run time
---@field tls string  what does TLS for it

---@class threatlocker.client
local client = {}

--- Goes the way that a call would go, with one GET that carries no credentials, once, on a connection of its own. The
--- chain of a server that is not trusted is fetched by a handshake on which nothing is sent.
---@return threatlocker.probe|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:probe() end

---@class threatlocker.soar
local soar = {}

--- As client:probe().
---@return threatlocker.probe|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:probe() end
