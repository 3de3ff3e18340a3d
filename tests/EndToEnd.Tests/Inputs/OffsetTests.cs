using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Sound and picture stay together: the output has the offset between them that the input has, also after a restart of the worker.</summary>
public sealed class OffsetTests(SharedSystems systems, ITestOutputHelper report) : IClassFixture<SharedSystems>
{
    private static readonly TimeSpan Allowed = TimeSpan.FromMilliseconds(12);

    /// <summary>
    /// On a quiet machine. MediaMTX puts the tracks of an RTSP publisher together by when their first packets arrive, and ffmpeg, which reads a picture to the
    /// beginning of the next one, has each of them later by one than the sound: 67 ms here, 33 ms with 30 pictures a second.
    /// </summary>
    private static readonly TimeSpan AllowedByRtsp = Allowed + TimeSpan.FromSeconds(1 / 15.0);

    [Theory, OnBothServers]
    public async Task Sound_and_picture_keep_their_offset(MediaServerKind kind)
    {
        StreamsSystem system = await systems.Get(kind);
        await using MachinePace pace = MachinePace.Watch();
        await Task.WhenAll(
            Compare(system, TestInputs.Noise[0], isKept => isKept ? pace.Scale(AllowedByRtsp) : Allowed), // RTMP carries the times: however busy the machine is.
            Compare(system, TestInputs.Noise[1], _ => pace.Scale(AllowedByRtsp)));
    }

    /// <summary>Compares output and input, of two runs of the worker.</summary>
    /// <param name="system">Where.</param>
    /// <param name="input">What is published.</param>
    /// <param name="allowed">How far sound and picture may be from their offset; told whether the output is kept, and so published by RTSP.</param>
    private async Task Compare(StreamsSystem system, TestInput input, Func<bool, TimeSpan> allowed)
    {
        string id = TestStream.NewId("sync");
        await using ChildProgram publisher = system.Publish(input, InputTransport.Rtmp, id);
        JsonElement running = await system.WaitForFrames(id);
        bool isKept = running.TryGetProperty("continuity", out JsonElement continuity) && continuity.GetProperty("state").GetString() == "Kept";
        for (int generation = 1; generation <= 2; generation++)
        {
            await system.WaitForTracks($"live/{id}/out");
            TrackOffset offset = await TrackOffset.Measure(system.Media.Rtmp($"live/{id}/in"), system.Media.Rtmp($"live/{id}/out"));
            report.WriteLine($"{system.Media.Kind}: {input}, generation {generation}: {offset.Shift.TotalMilliseconds:0.0} ms ({offset.Pictures} pictures, {offset.Sounds} packets of sound compared)");
            Assert.True(offset.Pictures > 10 && offset.Sounds > 10, $"{input}: too little was found on both sides: {offset}");
            Assert.InRange(offset.Shift, -allowed(isKept), allowed(isKept));
            using HttpResponseMessage restart = await system.Api.PostAsync(new Uri($"/v1/streams/{id}/restart", UriKind.Relative), null);
            await system.WaitForFrames(id, generation + 1);
        }
    }
}
