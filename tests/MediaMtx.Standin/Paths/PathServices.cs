using MediaMtx.Standin.Faults;
using MediaMtx.Standin.Hooks;
using MediaMtx.Standin.Logging;

namespace MediaMtx.Standin.Paths;

/// <summary>What paths need of the rest of the server.</summary>
internal sealed record PathServices(HookRunner Hooks, FaultPlan Faults, IStaticSources Sources, ServerLog Log, TimeProvider Clock);
