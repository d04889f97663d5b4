// Stands where matrix-bot-sdk looks for its encryption. The real one downloads a native library when it is installed; a bot
// in rooms without encryption uses none of it.
class Unused {}

module.exports = new Proxy({}, { get: (_, name) => (name === "__esModule" ? undefined : Unused) });
