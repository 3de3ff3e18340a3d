using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Streams.Verify.Systems;

namespace Streams.Verify.Inputs;

/// <summary>Publishes one kind of input by RTMP, by RTSP, or pulled from RTSP, and checks the output.</summary>
internal sealed partial class InputTrial(Scene scene, TestInput input, string name, Cleanup cleanup)
{
    private static readonly TimeSpan Target = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private readonly string _rtsp = scene.System.Settings["RTSP_URL"];

    /// <summary>Publishes it by RTMP.</summary>
    public async Task<IReadOnlyList<InputResult>> ByRtmp()
    {
        string id = $"{name}-rtmp";
        return await Publish(InputTransport.Rtmp, id, scene.System.Settings["RTMP_URL"], () => Task.FromResult<IReadOnlyList<InputResult>>([]));
    }

    /// <summary>Publishes it by RTSP, and has MediaMTX pull it from there.</summary>
    public Task<IReadOnlyList<InputResult>> ByRtsp() => Publish(InputTransport.Rtsp, $"{name}-rtsp", _rtsp, async () => [await Pull()]);

    private async Task<IReadOnlyList<InputResult>> Publish(InputTransport transport, string id, string server, Func<Task<IReadOnlyList<InputResult>>> whilePublished)
    {
        string url = $"{server}/live/{id}/in{scene.System.Settings["PUBLISH_QUERY"]}";
        List<string> reasons = [];
        foreach (Func<ChildProgram?> start in (Func<ChildProgram?>[])[() => input.Arguments.Count > 0 ? input.Publish(transport, url) : null, () => input.PublishByGStreamer(transport, url)])
        {
            if (start() is not { } publisher)
            {
                continue;
            }

            await using (await cleanup.Keep(publisher))
            {
                JsonElement? available = await WaitForInput(id, publisher);
                if (available is not null)
                {
                    InputResult result = await CheckOutput(transport, id, available.Value, publisher);
                    IReadOnlyList<InputResult> more = await whilePublished();
                    return [result, .. more];
                }

                reasons.Add(publisher.HasEnded ? $"{NameOf(publisher)}: {WhyEnded(publisher.Lines)}" : "");
            }

            if (reasons[^1].Length == 0)
            {
                return [new InputResult(input, transport, false, "MediaMTX shows no input, and the publisher goes on")];
            }
        }

        string why = reasons.Count > 0 ? string.Join("; ", reasons) : "this machine has no program that publishes it so";
        return transport == InputTransport.Rtsp
            ? [new InputResult(input, transport, null, why), new InputResult(input, InputTransport.Pulled, null, why)]
            : [new InputResult(input, transport, null, why)];

        string NameOf(ChildProgram _) => reasons.Count == 0 && input.Arguments.Count > 0 ? "ffmpeg" : "GStreamer";
    }

    private async Task<InputResult> Pull()
    {
        string id = $"{name}-pulled";
        string path = $"live/{id}/in";
        await scene.Media.AddPull(path, $"{_rtsp.Replace("://", $"://{scene.System.Settings["READ_USER"]}", StringComparison.Ordinal)}/live/{name}-rtsp/in");
        try
        {
            JsonElement? available = await WaitForInput(id, null);
            return available is null
                ? new InputResult(input, InputTransport.Pulled, false, "MediaMTX has not pulled it")
                : await CheckOutput(InputTransport.Pulled, id, available.Value, null);
        }
        finally
        {
            await scene.Media.RemovePull(path);
        }
    }

    private async Task<JsonElement?> WaitForInput(string id, ChildProgram? publisher)
    {
        JsonElement? found = null;
        try
        {
            await Eventually.Get(
                async () => (found = await scene.Media.FindAvailable($"live/{id}/in")) is not null || publisher is { HasEnded: true }, static done => done, $"live/{id}/in", Timeout);
        }
        catch (TimeoutException)
        {
            // The caller decides what that means.
        }

        return found;
    }

    /// <summary>Checks that the output appears in time with the same tracks, or is refused once, and that it is stable until the input has settled.</summary>
    private async Task<InputResult> CheckOutput(InputTransport transport, string id, JsonElement inputPath, ChildProgram? publisher)
    {
        DateTimeOffset available = inputPath.GetProperty("availableTime").GetDateTimeOffset();
        JsonElement? output = null;
        JsonElement? status = null;
        try
        {
            await Eventually.Get(
                async () =>
                {
                    (output, status) = (await scene.Media.FindAvailable($"live/{id}/out"), await scene.Streams.Status(id));
                    return output is not null || Phase(status) == "Failed";
                },
                static done => done,
                "an output or a refusal",
                Timeout);
        }
        catch (TimeoutException)
        {
            return Result(false, $"no output in {Timeout.TotalSeconds:0} s: {Phase(status)}, {Text(status, "lastReason")}");
        }

        if (output is not { } path)
        {
            bool isNamed = Generation(status) == 1 && input.Tracks.Any(codec => Text(status, "lastReason").Contains(codec, StringComparison.Ordinal));
            return Result(isNamed, isNamed ? $"refused in generation 1: {Text(status, "lastReason")}" : $"failed in generation {Generation(status)}: {Text(status, "lastReason")}");
        }

        // MediaMTX hands on nothing of the picture that it pulls before a key frame.
        TimeSpan target = transport == InputTransport.Pulled && input.KeyFrameEvery > Target ? Target + input.KeyFrameEvery : Target;
        TimeSpan took = path.GetProperty("availableTime").GetDateTimeOffset() - available;
        string[] tracks = Tracks(path);
        DateTimeOffset settled = available + input.SettlesAfter;
        await Eventually.True(() => TimeProvider.System.GetUtcNow() > settled || publisher is { HasEnded: true }, "the time that it takes", input.SettlesAfter + Timeout);
        status = await scene.Streams.Status(id);
        string seconds = took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return Result(
            took < target && tracks.SequenceEqual(Tracks(inputPath)) && Generation(status) == 1 && Phase(status) == "Running",
            $"{seconds} s: {string.Join(", ", tracks)}"
                + (Generation(status) == 1 && Phase(status) == "Running" ? "" : $", then {Phase(status)} in generation {Generation(status)}: {Text(status, "lastReason")}"));

        InputResult Result(bool passed, string measured) => new(input, transport, passed, measured);
    }

    /// <summary>
    /// Codecs, and the properties of audio tracks that MediaMTX shows (law of G.711, sample rate). Those of video tracks appear only with time, and the
    /// number of channels of Opus only hints at what its packets carry.
    /// </summary>
    private static string[] Tracks(JsonElement path) =>
    [
        .. path.GetProperty("tracks2").EnumerateArray()
            .Select(static track => (Codec: track.GetProperty("codec").GetString()!, Sound: track.GetProperty("codec").GetString() != "Opus" && track.GetProperty("codecProps") is { ValueKind: JsonValueKind.Object } props && props.TryGetProperty("channelCount", out JsonElement _) ? props : default))
            .Select(static track => track.Sound.ValueKind == JsonValueKind.Object ? $"{track.Codec} {Words(track.Sound)}" : track.Codec),
    ];

    private static string Words(JsonElement sound) => string.Join(' ', sound.EnumerateObject().Select(static property => $"{property.Name}={property.Value}"));

    private static string WhyEnded(IReadOnlyList<string> lines) => lines.FirstOrDefault(static line => ErrorLine().IsMatch(line)) ?? (lines.Count > 0 ? lines[^1] : "it said nothing");

    private static string? Phase(JsonElement? status) => status?.GetProperty("phase").GetString();

    private static long Generation(JsonElement? status) => status?.GetProperty("generation").GetInt64() ?? 0;

    private static string Text(JsonElement? status, string property) => status is { } known && known.TryGetProperty(property, out JsonElement value) ? value.GetString()! : "no reason";

    [GeneratedRegex(@"not compatible|nsupported|not supported|not currently supported|not implemented|nknown encoder|no element|rror|failed|ERROR", RegexOptions.CultureInvariant)]
    private static partial Regex ErrorLine();
}
