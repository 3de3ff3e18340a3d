using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Streams.Grains.Continuity;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

/// <summary>What a silo is refused at its start for: a fallback at whose change all readers would have to connect anew.</summary>
public sealed class FallbackTracksTests
{
    private const string Setting = "Property Streams:Workers:Profiles:dub:Fallback: ";
    private const string Remedy = " Readers would have to connect anew at each change between them. Give 'copy' an output with Kept that carries the same codecs, with the same Writes or, if only the sound differs, "
        + "with {audio.rate} and {audio.channels} among its Arguments (docs/workers.md); or set Profiles:dub:Continuity to Off";

    private static readonly string[] AsAsked = ["-ar", "{audio.rate}", "-ac", "{audio.channels}", "{output.rtsp}"];

    private readonly WorkerOptions _options = new();
    private readonly WorkerProfile _dub = new()
    {
        Program = "dubber",
        Fallback = "copy",
        Outputs = [new WorkerOutput { Kept = true, Video = ["H264"], Audio = ["*"], Writes = new WrittenTracks { SampleRate = 48_000, Channels = 2 }, Arguments = ["{output.rtsp}"] }],
    };

    private readonly WorkerProfile _copy = new()
    {
        Program = "copier",
        Outputs = [new WorkerOutput { Kept = true, Video = ["H264"], Audio = ["*"], Arguments = ["{output.rtsp}"] }],
    };

    public FallbackTracksTests()
    {
        _options.DefaultProfile = "dub";
        _options.Profiles["dub"] = _dub;
        _options.Profiles["copy"] = _copy;
    }

    [Fact]
    public void Another_sound_is_refused_with_what_differs_and_the_remedy() =>
        Assert.Equal([$"{Setting}names 'copy', which cannot write what Outputs:0 of 'dub' does: SampleRate is the input's instead of 48000, Channels is the input's instead of 2.{Remedy}"], Validate());

    [Fact]
    public void The_same_writes_are_accepted()
    {
        _copy.Outputs.Add(new WorkerOutput { Kept = true, Video = ["H264"], Audio = ["*"], Writes = new WrittenTracks { SampleRate = 48_000, Channels = 2 }, Arguments = ["{output.rtsp}"] });
        Assert.Empty(Validate());
    }

    [Fact]
    public void Sound_as_asked_is_accepted()
    {
        _copy.Outputs.Add(new WorkerOutput { Kept = true, Video = ["H264"], Audio = ["*"], Arguments = [.. AsAsked] });
        Assert.Empty(Validate());
    }

    [Fact]
    public void Another_picture_is_refused_whatever_the_sound()
    {
        _dub.Outputs[0].Writes.Profile = "High";
        _dub.Outputs[0].Writes.Height = 720;
        _copy.Outputs[0].Arguments = [.. AsAsked];
        Assert.Equal([$"{Setting}names 'copy', which cannot write what Outputs:0 of 'dub' does: Profile is the input's instead of High, Height is the input's instead of 720.{Remedy}"], Validate());
    }

    [Fact]
    public void Codecs_that_only_the_chosen_profile_carries_are_refused()
    {
        _dub.Outputs[0].Video.Add("H265");
        _copy.Outputs[0].Audio = ["MPEG-4 Audio"];
        _copy.Outputs[0].Arguments = [.. AsAsked];
        Assert.Equal([$"{Setting}names 'copy', which cannot write what Outputs:0 of 'dub' does: it does not carry H265, any codec (*).{Remedy}"], Validate());
    }

    [Fact]
    public void Each_kept_output_is_compared_and_the_others_are_not()
    {
        _copy.Outputs[0].Writes = _dub.Outputs[0].Writes;
        _dub.Outputs.Add(new WorkerOutput { Video = ["*"], Audio = ["*"], Arguments = ["{output}"] });
        Assert.Empty(Validate());
        _dub.Outputs.Add(new WorkerOutput { Kept = true, Video = ["H264"], Writes = new WrittenTracks { Width = 320 }, Arguments = ["{output.rtsp}"] });
        Assert.Contains("Outputs:2 of 'dub'", Assert.Single(Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fallback_without_a_kept_output_is_refused()
    {
        _copy.Outputs[0].Kept = false;
        Assert.Equal([$"{Setting}names 'copy', which cannot write what Outputs:0 of 'dub' does: it has no output with Kept.{Remedy}"], Validate());
    }

    [Fact]
    public void A_fallback_that_is_not_kept_is_refused()
    {
        _copy.Continuity = ContinuityMode.Off;
        Assert.Equal(
            [$"{Setting}names 'copy', whose outputs are not kept, while those of 'dub' are: its readers would be disconnected. Leave Continuity of 'copy' as it is for 'dub', or set Profiles:dub:Continuity to Off"],
            Validate());
    }

    [Fact]
    public void Nothing_is_compared_where_the_profile_is_not_kept()
    {
        Assert.Empty(Validate(ContinuityMode.Off));
        Assert.NotEmpty(Validate(ContinuityMode.Keep));
        _dub.Continuity = ContinuityMode.Off;
        Assert.Empty(Validate(ContinuityMode.Keep));
        _dub.Continuity = ContinuityMode.Keep;
        _copy.Continuity = ContinuityMode.Keep;
        Assert.NotEmpty(Validate(ContinuityMode.Off));
    }

    [Fact]
    public void Settings_of_continuity_that_are_wrong_are_left_to_their_own_validator() => Assert.Empty(Validate(new FaultyContinuity()));

    [Fact]
    public void Sound_as_asked_takes_both_placeholders_and_Kept()
    {
        _dub.Fallback = "";
        _copy.Outputs[0].Arguments = ["{audio.rate}", "{output.rtsp}"];
        Assert.Equal(["Property Streams:Workers:Profiles:copy:Outputs:0:Arguments: has {audio.rate} alone: it needs {audio.rate} and {audio.channels}"], Validate());
        _copy.Outputs[0].Kept = false;
        _copy.Outputs[0].Arguments = [.. AsAsked];
        Assert.Equal(["Property Streams:Workers:Profiles:copy:Outputs:0:Arguments: may have {audio.rate} and {audio.channels} only with Kept"], Validate());
        _copy.Outputs.Clear();
        _copy.Arguments = [.. AsAsked];
        Assert.Equal(["Property Streams:Workers:Profiles:copy: may have {audio.rate} and {audio.channels} only among the Arguments of an output with Kept"], Validate());
    }

    [Fact]
    public void The_shipped_passthrough_is_a_fallback_of_any_profile_that_copies_the_picture()
    {
        WorkerOptions shipped = new();
        new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "Silo", "appsettings.json")).Build().GetSection(WorkerOptions.Section).Bind(shipped);
        _dub.Fallback = "passthrough";
        shipped.Profiles["dub"] = _dub;
        Assert.Empty(Validate(shipped, ContinuityMode.Keep));
    }

    private IEnumerable<string> Validate(ContinuityMode mode = ContinuityMode.Keep) => Validate(_options, mode);

    private IEnumerable<string> Validate(IOptions<ContinuityOptions> continuity) => new WorkerOptionsValidator(continuity).Validate(null, _options).Failures ?? [];

    private static IEnumerable<string> Validate(WorkerOptions options, ContinuityMode mode) =>
        new WorkerOptionsValidator(Options.Create(new ContinuityOptions { Mode = mode })).Validate(null, options).Failures ?? [];

    private sealed class FaultyContinuity : IOptions<ContinuityOptions>
    {
        public ContinuityOptions Value => throw new OptionsValidationException("", typeof(ContinuityOptions), ["must be Off or Keep"]);
    }
}
