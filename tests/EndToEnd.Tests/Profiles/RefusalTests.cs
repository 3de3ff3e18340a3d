using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>What a profile cannot do is said once, in the first generation, and not tried again and again.</summary>
public sealed class RefusalTests(ProfileSystems systems) : IClassFixture<ProfileSystems>
{
    [Theory, OnBothServers]
    public async Task A_codec_that_the_output_cannot_carry_is_named_at_once_with_the_profile_that_takes_it(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        JsonElement failed = await FailOnce(system, "h264only", TestInputs.Of("H.265, AAC"), "CodecUnsupported");
        string reason = failed.GetProperty("lastReason").GetString()!;
        Assert.Contains("video codec H265 does not fit", reason, StringComparison.Ordinal);
        Assert.Contains("'passthrough'", reason, StringComparison.Ordinal);
        Assert.Contains("'transcode'", reason, StringComparison.Ordinal);
    }

    [Theory]
    [OnBothServers("unexecutable", "may not be executed")]
    [OnBothServers("uninterpreted", "interpreter")]
    [OnBothServers("folder", "may not be executed")]
    public async Task A_program_that_cannot_be_executed_is_told_at_once(MediaServerKind kind, string profile, string why)
    {
        JsonElement failed = await FailOnce(await systems.Get(kind), profile, TestInputs.Usual, "ProgramUnusable");
        Assert.Contains(why, failed.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [OnBothServers("asks")]
    [OnBothServers("trusts")]
    public async Task A_value_of_the_publisher_never_becomes_an_option(MediaServerKind kind, string profile)
    {
        JsonElement failed = await FailOnce(await systems.Get(kind), profile, TestInputs.Usual, "ProfileInvalid", query: "?x=-report");
        Assert.Contains("x", failed.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
        Assert.Empty(failed.GetProperty("logTail").EnumerateArray());
    }

    [Theory, OnBothServers]
    public async Task Nor_does_a_stream_id(MediaServerKind kind)
    {
        JsonElement failed = await FailOnce(await systems.Get(kind), "named", TestInputs.Usual, "ProfileInvalid", prefix: "-x");
        Assert.Contains("{streamId}", failed.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Publishes to a stream whose profile was chosen before.</summary>
    private static async Task<JsonElement> FailOnce(StreamsSystem system, string profile, TestInput input, string exit, string query = "", string prefix = "refused")
    {
        string id = TestStream.NewId(prefix);
        await system.ChooseProfile(id, profile);
        await using ChildProgram publisher = system.Publish(input, InputTransport.Rtsp, id, query);
        JsonElement failed = await system.WaitForPhase(id, "Failed");
        Assert.Equal(1, failed.GetProperty("generation").GetInt64());
        JsonElement run = Assert.Single(await system.Runs(id));
        Assert.Equal(exit, run.GetProperty("exit").GetString());
        Assert.Empty(StreamsSystem.WorkersOf(id));
        return failed;
    }
}
