---@meta _
--- How the two services are reached, and how that ends.

--- What both services need to connect.
---@class threatlocker.connection
---@field ca_file? string  PEM file of trusted CAs instead of the system's
---@field client_cert? string  PEM file
---@field client_key? string  PEM file; default: in client_cert
---@field proxy? string  URL; default: the environment's, "" = none
---@field timeout? number  seconds for one call, retries included; default 60
---@field connect_timeout? number  seconds; default 10
---@field retries? integer  of reads, 0 to 20; default 3. Writes are never retried
---@field log? fun(line: string)  gets one line about each request once the call is over; its errors become warnings
---@field null? any  stands for JSON null; default: null members are absent

---@class threatlocker.client_options: threatlocker.connection
---@field instance? string  "g"; default THREATLOCKER_INSTANCE
---@field base_url? string  instead of instance; default THREATLOCKER_BASE_URL
---@field token? string  default THREATLOCKER_API_KEY, or the file that THREATLOCKER_API_KEY_FILE names, ours or root's: refused where others can write it, with a warning (see warn) where they can read it
---@field organization_id? string  default THREATLOCKER_ORG_ID, else the token's own
---@field page_size? integer  rows per page of listings, 1 to 1000; default 100
---@field concurrency? integer  pages in flight of listings, 1 to 16; default 4
---@field fields? string[]  convert only these members of rows; approvalRequestId and organizationId always come
---@field seal_key? string  key of prompt seals, at least 16 bytes; default: derived from the token
---@field settle_time? number  seconds that a doubtful write is read back; default 10
---@field limits? threatlocker.limits  the ceiling of every permit and prepared prompt of this client; default: none

---@class threatlocker.soar_options: threatlocker.connection
---@field url? string  default SOAR_URL
---@field token? string  default SOAR_TOKEN, or the file that SOAR_TOKEN_FILE names, under the same rules
---@field user? string  user and password instead of a token; default SOAR_USER
---@field password? string  default SOAR_PASSWORD

---@class threatlocker.client
local client = {}

--- Ends the iterators and chains that use the client, too.
function client:close() end

--- Makes later calls fail with the code "cancelled".
function client:cancel() end

---@class threatlocker.soar
local soar = {}

--- Ends the chains that use it, too.
function soar:close() end

--- Makes later calls fail with the code "cancelled".
function soar:cancel() end
