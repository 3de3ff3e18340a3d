using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Streams.Grains.Continuity;
using Streams.Grains.Continuity.Slates;
using Streams.Grains.MediaMtx;
using Streams.Grains.Os;

namespace Streams.Grains.Workers;

/// <summary>Chooses whether and how a run's output is kept.</summary>
internal sealed class KeptChoice(IOptions<WorkerOptions> workers, IOptions<ContinuityOptions> continuity, SlateChoice slates, ProgramVersions versions)
{
    private const string GivenUp = "the last worker did not come up at the kept output: see its run. It is tried again with the next publish";

    /// <summary>Runs for whose source the kept output was tried in vain.</summary>
    public FailedOutputs Failed { get; } = new();

    /// <summary>The output and the slate that a run of these tracks is given; neither when it is not kept.</summary>
    public async Task<(KeptPick? Pick, string? Slate, StreamContinuity Continuity)> Find(WorkerRun run, ImmutableArray<TrackDetails> tracks)
    {
        string name = run.Profile ?? workers.Value.DefaultProfile;
        if (FindKept(name) is not { } profile)
        {
            return (null, null, StreamContinuity.Off);
        }

        if (Failed.CountSkipped(run) > 0)
        {
            return Unavailable(GivenUp);
        }

        SlateTracks? wanted = run.InPlaceOf is { } chosen && FindKept(chosen) is { } replaced ? FindPick(replaced, tracks).Pick?.Tracks : null;
        (KeptPick? pick, string? problem) = FindPick(profile, tracks, wanted);
        if (pick is null)
        {
            return Unavailable(problem!);
        }

        string? mismatch = wanted is null ? null : KeptOutputChoice.ExplainMismatch(name, pick.Tracks, run.InPlaceOf!, wanted);
        try
        {
            (string slate, string? missing) = await slates.Find(pick.Tracks, profile.Slate, profile.SlateCard);
            return (pick, slate, new StreamContinuity(ContinuityState.Kept, mismatch is null || missing is null ? mismatch ?? missing : $"{mismatch} {missing}"));
        }
        catch (SlateException failure)
        {
            return Unavailable(failure.Message);
        }
    }

    /// <summary>The profile, if its outputs are to be kept.</summary>
    private WorkerProfile? FindKept(string name) =>
        workers.Value.Profiles.TryGetValue(name, out WorkerProfile? profile) && (profile.Continuity ?? continuity.Value.Mode) == ContinuityMode.Keep ? profile : null;

    private (KeptPick? Pick, string? Problem) FindPick(WorkerProfile profile, ImmutableArray<TrackDetails> tracks, SlateTracks? wanted = null)
    {
        (KeptPick? pick, string? problem) = KeptOutputChoice.Find(profile, tracks, wanted);
        return pick is { Output.Since: { Length: > 0 } since } && ProgramFinder.Find(profile.Program, out _) is { } program && versions.Find(program) is { } version && version < Version.Parse(since)
            ? (null, $"{Path.GetFileName(program)} {version} is too old: it takes {since} or later")
            : (pick, problem);
    }

    private static (KeptPick?, string?, StreamContinuity) Unavailable(string reason) => (null, null, new StreamContinuity(ContinuityState.Unavailable, reason));
}
