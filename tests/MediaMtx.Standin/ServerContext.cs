using MediaMtx.Standin.Auth;
using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Faults;
using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin;

/// <summary>What every server and connection of the stand-in shares.</summary>
internal sealed record ServerContext(
    ServerConfig Config, ServerLog Log, Authenticator Authenticator, PathManager Paths, FaultPlan Faults, TimeProvider Clock);
