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
    public async Task<(WorkerOutput? Output, string? Slate, StreamContinuity Continuity)> Find(WorkerRun run, ImmutableArray<TrackDetails> tracks)
    {
        if (!workers.Value.Profiles.TryGetValue(run.Profile ?? workers.Value.DefaultProfile, out WorkerProfile? profile) || (profile.Continuity ?? continuity.Value.Mode) == ContinuityMode.Off)
        {
            return (null, null, StreamContinuity.Off);
        }

        if (Failed.CountSkipped(run) > 0)
        {
            return Unavailable(GivenUp);
        }

        ImmutableArray<string> codecs = [.. tracks.Select(static track => track.Codec)];
        if (codecs.Length == 0)
        {
            return Unavailable("MediaMTX does not tell the input's tracks");
        }

        if (OutputChoice.Find(profile, codecs, isKept: true) is not { } output)
        {
            return Unavailable($"the profile has no output with Kept that carries {string.Join(" and ", codecs)}");
        }

        if (output.Since.Length > 0 && ProgramFinder.Find(profile.Program, out _) is { } program && versions.Find(program) is { } version && version < Version.Parse(output.Since))
        {
            return Unavailable($"{Path.GetFileName(program)} {version} is too old: it takes {output.Since} or later");
        }

        ImmutableArray<TrackDetails> media = [.. tracks.Where(static track => TrackCodecs.Media([track.Codec]).Length > 0)];
        (SlateTracks? written, string? problem) = KeptTracks.Find(media, output.Writes, TrackCodecs.IsAudio);
        if (written is null)
        {
            return Unavailable(problem!);
        }

        try
        {
            (string slate, string? missing) = await slates.Find(written, profile.Slate, profile.SlateCard);
            return (output, slate, new StreamContinuity(ContinuityState.Kept, missing));
        }
        catch (SlateException failure)
        {
            return Unavailable(failure.Message);
        }
    }

    private static (WorkerOutput?, string?, StreamContinuity) Unavailable(string reason) => (null, null, new StreamContinuity(ContinuityState.Unavailable, reason));
}
