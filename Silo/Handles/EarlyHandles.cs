using System.Runtime.CompilerServices;

namespace Streams.Silo.Handles;

/// <summary>Runs before the framework's assemblies are loaded, which open most handles of this process.</summary>
internal static class EarlyHandles
{
    /// <summary>Acquires the reserve while the lowest handle numbers are free.</summary>
    [ModuleInitializer]
    internal static void AcquireReserve() => HandleReserve.Acquire();
}
