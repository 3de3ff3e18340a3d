using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>An operator's card, as a reader sees it who decodes each picture; real workers and readers.</summary>
public sealed class CardSlateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streams-cards-").FullName;

    private string Colours => Path.Combine(_folder, "colours");

    private string ColoursOfJoiner => Path.Combine(_folder, "joined");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [OnBothServers("png"), OnBothServers("mp4")]
    public async Task A_reader_sees_the_card_while_no_worker_publishes_and_then_the_source_again_without_a_damaged_picture(MediaServerKind kind, string format)
    {
        await using StreamsSystem system = await Start(kind, await Paint(format));
        string id = await PublishWithCard(system);
        await using ChildProgram reader = Read(system.Media.Rtsp($"live/{id}/out"), Colours);
        await WaitFor(static seen => Count(seen, isCard: false) >= 40, "the source's pictures");
        int joined = reader.Output.Length; // A reader of RTSP begins anywhere: what its decoder says before the first key frame is no fault.
        await Order(system, id, "stop");
        await WaitFor(static seen => Count(seen, isCard: true) >= 40, "the card's pictures");
        await using ChildProgram joiner = Read(system.Media.Rtsp($"live/{id}/out"), ColoursOfJoiner);
        await Eventually.Get(() => Task.FromResult(Seen(ColoursOfJoiner)), static seen => Count(seen, isCard: true) >= 20, "the card for a reader that joins");
        int before = Count(Seen(Colours), isCard: false);
        await Order(system, id, "resume");
        await WaitFor(seen => Count(seen, isCard: false) >= before + 40, "the source's pictures after the card's");
        Assert.False(reader.HasEnded, reader.Output);
        reader.Signal(ChildProgram.Interrupt);
        await reader.WaitForEnd();

        (int Red, int Green, int Blue)[] all = Seen(Colours);
        (int Red, int Green, int Blue) source = all[0];
        Assert.All(all, picture => Assert.True(IsCard(picture) || IsNear(picture, source), $"{picture} is neither the card nor like {source}."));
        bool[] changes = [.. all.Select(IsCard)];
        Assert.Equal(2, changes.Zip(changes.Skip(1)).Count(static pair => pair.First != pair.Second));
        Assert.DoesNotContain("error", reader.Output[joined..], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("concealing", reader.Output[joined..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_is_missing_is_the_reason_shown_and_readers_stay_all_the_same()
    {
        await using StreamsSystem system = await Start(MediaServerKind.Standin, Path.Combine(_folder, "none.png"));
        string id = TestStream.NewId("nocard");
        system.Publish(id);
        JsonElement continuity = (await system.WaitForFrames(id)).GetProperty("continuity");
        Assert.Equal("Kept", continuity.GetProperty("state").GetString());
        Assert.Contains("none.png is not shown, and readers keep their last picture: there is no such file", continuity.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(await system.History(id), static entry => entry.TryGetProperty("reason", out JsonElement reason) && reason.GetString()!.Contains("none.png is not shown", StringComparison.Ordinal));
    }

    private static Task<StreamsSystem> Start(MediaServerKind kind, string card)
    {
        Assert.SkipUnless(MediaServerVersion.Of(new MediaServerOptions { Kind = kind }).HasAvailableHooks, "This version cannot keep outputs.");
        return StreamsSystem.Start(kind, new Dictionary<string, string>
        {
            ["Streams__Continuity__Mode"] = "Keep",
            ["Streams__Continuity__Slate"] = "Card",
            ["Streams__Continuity__SlateCard"] = card,
        });
    }

    /// <summary>The first stream has the card made; on a busy machine it is not in time for that one, but for a later one of the same tracks.</summary>
    private static async Task<string> PublishWithCard(StreamsSystem system)
    {
        const int Attempts = 5;
        for (int attempt = 1; ; attempt++)
        {
            string id = TestStream.NewId("card");
            ChildProgram publisher = system.Publish(id);
            JsonElement continuity = (await system.WaitForFrames(id)).GetProperty("continuity");
            Assert.Equal("Kept", continuity.GetProperty("state").GetString());
            if (!continuity.TryGetProperty("reason", out JsonElement reason))
            {
                return id;
            }

            Assert.True(attempt < Attempts, $"The card was not made in time: {reason}");
            publisher.Signal(ChildProgram.Interrupt);
            await system.WaitForPhase(id, "Offline");
        }
    }

    private async Task<string> Paint(string format)
    {
        string file = Path.Combine(_folder, $"card.{format}");
        string[] encoder = format == "png" ? ["-frames:v", "1"] : ["-t", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p"];
        (int code, string output) = await ChildProgram.Run("ffmpeg", ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "color=red:size=320x180", .. encoder, file]);
        Assert.True(code == 0, output);
        return file;
    }

    /// <summary>Writes the mean colour of each picture that is decoded, three bytes each.</summary>
    private static ChildProgram Read(string url, string file) => ChildProgram.Start("ffmpeg",
        ["-hide_banner", "-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", url, "-an", "-vf", "scale=1:1:flags=area", "-fps_mode", "passthrough", "-pix_fmt", "rgb24",
            "-f", "rawvideo", "-flush_packets", "1", file]);

    private static async Task Order(StreamsSystem system, string id, string command)
    {
        using HttpResponseMessage answer = await system.Api.PostAsync(new Uri($"/v1/streams/{id}/{command}", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private Task<(int Red, int Green, int Blue)[]> WaitFor(Func<(int, int, int)[], bool> isSeen, string what) => Eventually.Get(() => Task.FromResult(Seen(Colours)), isSeen, what);

    private static (int Red, int Green, int Blue)[] Seen(string of)
    {
        if (!File.Exists(of))
        {
            return [];
        }

        using FileStream file = new(of, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return [.. bytes.Chunk(3).Where(static pixel => pixel.Length == 3).Select(static pixel => ((int)pixel[0], (int)pixel[1], (int)pixel[2]))];
    }

    private static int Count((int, int, int)[] seen, bool isCard) => seen.Count(picture => IsCard(picture) == isCard);

    private static bool IsCard((int Red, int Green, int Blue) picture) => picture is ( > 200, < 60, < 60);

    private static bool IsNear((int Red, int Green, int Blue) picture, (int Red, int Green, int Blue) other)
    {
        const int Tolerance = 40;
        return Math.Abs(picture.Red - other.Red) < Tolerance && Math.Abs(picture.Green - other.Green) < Tolerance && Math.Abs(picture.Blue - other.Blue) < Tolerance;
    }
}
