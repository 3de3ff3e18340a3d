using System.Runtime.CompilerServices;

namespace Streams.Silo.Handles;

/// <summary>What comes before the first assembly of the framework is read, and with it most handles of this process.</summary>
internal static class EarlyHandles
{
    /// <summary>Takes the reserve while the lowest numbers are free.</summary>
    [ModuleInitializer]
    internal static void AcquireReserve() => HandleReserve.Acquire();
}
