using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Whatever pictures and sound MediaMTX takes come out as they are, by the first worker.</summary>
public sealed class TrackTests(SharedSystems systems, ITestOutputHelper report) : IClassFixture<SharedSystems>
{
    private static readonly string[] Names =
    [
        "H.265, AAC", "VP9, AAC", "MPEG-4, AAC", "H.264, Opus", "H.264, G.711 A-law", "H.264, G.711 mu-law", "H.264, LPCM", "H.264, MP3", "H.264, two tracks of AAC", "Opus alone",
    ];

    [Theory, OnBothServers]
    public async Task Every_kind_of_track_comes_out_as_it_is(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        foreach (string[] names in Names.Chunk(5))
        {
            await Task.WhenAll(names.Select(name => Pass(system, TestInputs.Of(name))));
        }
    }

    [Theory, OnBothServers]
    public async Task A_worker_waits_for_the_key_frame_that_tells_what_the_picture_is(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        await Task.WhenAll(TestInputs.SeldomKeyFrames.Select(input => Pass(system, input)));
    }

    private async Task Pass(StreamsSystem system, TestInput input)
    {
        string id = TestStream.NewId("track");
        await using ChildProgram publisher = system.Publish(input, InputTransport.Rtsp, id);
        IReadOnlyList<string> tracks;
        try
        {
            Assert.Equal(input.Tracks, await system.WaitForTracks($"live/{id}/in"));
            tracks = await system.WaitForTracks($"live/{id}/out");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{input}: {late.Message}\nThe stream: {await system.Status(id)}\nThe publisher wrote: {publisher.Output}", late);
        }

        JsonElement status = await system.WaitForPhase(id, "Running");
        Assert.True(
            input.Tracks.SequenceEqual(tracks) && status.GetProperty("generation").GetInt64() == 1,
            $"{input}: {string.Join(", ", tracks)} in generation {status.GetProperty("generation")} after {string.Join("\n", await system.Runs(id))}");
        report.WriteLine($"{system.Media.Kind}: {input} comes out");
    }
}
