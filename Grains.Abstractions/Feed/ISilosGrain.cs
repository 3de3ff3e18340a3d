using System.Collections.Immutable;

namespace Streams;

/// <summary>What operators order of silos. There is one, with the key <see cref="Key"/>; it stores nothing.</summary>
[Alias("Streams.ISilosGrain")]
public interface ISilosGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the only one.</summary>
    const long Key = 0;

    /// <summary>Drains a silo: its workers move to other silos, and it ends then. Repeating it is no error.</summary>
    /// <param name="name">Its name, or its address.</param>
    /// <returns>Whether it was told.</returns>
    [Alias("Drain")]
    Task<DrainReceipt> Drain(string name);
}

/// <summary>The answer to an order to drain a silo.</summary>
/// <param name="Silo">The silo as it last reported; null when none has that name.</param>
/// <param name="Known">The names of those that there are.</param>
/// <param name="Refusal">Why it is not drained; null when it is.</param>
[GenerateSerializer, Immutable, Alias("Streams.DrainReceipt")]
public sealed record DrainReceipt([property: Id(0)] SiloReport? Silo, [property: Id(1)] ImmutableArray<string> Known, [property: Id(2)] string? Refusal = null);
