using Microsoft.Extensions.Options;

namespace Streams.Grains.Workers;

/// <summary>What streams ask of the worker profiles, by name; null stands for the default profile.</summary>
internal sealed class WorkerProfiles(IOptions<WorkerOptions> options)
{
    /// <summary>The profile of a stream for which nobody chose another.</summary>
    public string Default => options.Value.DefaultProfile;

    /// <summary>The names of all, in order.</summary>
    public IReadOnlyList<string> Names => [.. options.Value.Profiles.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether a run of a profile may start while another of the stream works: it publishes the stream's output, which MediaMTX hands over.</summary>
    public bool MayOverlap(string? profile) => Find(profile) is { MayOverlap: true };

    /// <summary>The profile that the audience of a stream gets while the worker of a profile is down; null for none.</summary>
    public string? FallbackOf(string? profile) => Find(profile)?.Fallback is { Length: > 0 } fallback ? fallback : null;

    /// <summary>Whether streams of a profile are to have a standby.</summary>
    public bool WantsStandby(string? profile) => Find(profile) is { Standby: StandbyMode.Hot };

    /// <summary>How many slots a worker of a profile takes.</summary>
    public int SlotsOf(string? profile) => Find(profile)?.Slots ?? 1;

    private WorkerProfile? Find(string? profile) => options.Value.Profiles.GetValueOrDefault(profile ?? Default);
}
