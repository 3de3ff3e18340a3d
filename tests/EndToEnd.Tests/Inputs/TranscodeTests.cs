using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>The shipped profile that makes H.264 and AAC of whatever comes, chosen before anybody publishes.</summary>
public sealed class TranscodeTests(SharedSystems systems) : IClassFixture<SharedSystems>
{
    [Theory, OnBothServers]
    public async Task A_profile_that_is_chosen_before_the_first_publish_makes_H264_and_AAC_of_it(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        await Task.WhenAll(
            Pass(system, TestInputs.Of("H.264, Opus"), "H264", "MPEG-4 Audio"),
            Pass(system, TestInputs.Of("VP8, AAC"), "H264", "MPEG-4 Audio"),
            Pass(system, TestInputs.Of("Opus alone"), "MPEG-4 Audio"));
    }

    private static async Task Pass(StreamsSystem system, TestInput input, params string[] tracks)
    {
        string id = TestStream.NewId("code");
        await system.ChooseProfile(id, "transcode");
        await using ChildProgram publisher = system.Publish(input, InputTransport.Rtsp, id);
        try
        {
            JsonElement running = await system.WaitForPhase(id, "Running");
            Assert.Equal(tracks, await system.WaitForTracks($"live/{id}/out"));
            Assert.Equal("transcode", running.GetProperty("profile").GetString());
            Assert.Equal(1, running.GetProperty("generation").GetInt64());
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{input}: {late.Message}\n{string.Join('\n', await system.Runs(id))}", late);
        }
    }
}
