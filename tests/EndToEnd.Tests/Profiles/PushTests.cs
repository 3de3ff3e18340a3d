using System.Globalization;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A profile that writes to somebody else's RTMP server, with a secret as the stream's key there.</summary>
public sealed class PushTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streams-secrets-").FullName;
    private readonly string _fileKey = TestStream.NewId("KEY-file");
    private readonly string _variableKey = TestStream.NewId("KEY-variable");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, OnBothServers]
    public async Task A_target_that_was_away_is_tried_again_and_its_key_is_nowhere_to_be_read(MediaServerKind kind)
    {
        Dictionary<string, int> ports = new[] { "API", "METRICS", "PLAYBACK", "RTMP", "RTSP", "HLS" }.ToDictionary(static name => name, static _ => FreePorts.Next());
        await using StreamsSystem system = await StreamsSystem.Start(kind, Settings(ports["RTMP"]));
        string[] ids = [await Publish(system, "file"), await Publish(system, "variable")];
        foreach (string id in ids)
        {
            JsonElement failed = await system.WaitForPhase(id, "Failed");
            Assert.Contains("refused", failed.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
            Assert.True(failed.TryGetProperty("retryAt", out JsonElement _), "A failed stream is not tried again.");
        }

        await using MediaServer target = await MediaServer.Start(new MediaServerOptions { Ports = ports });
        foreach (string id in ids)
        {
            await system.WaitForFrames(id, 5);
        }

        foreach (string key in (string[])[_fileKey, _variableKey])
        {
            await Eventually.Get(
                () => target.Api.GetStringAsync(new Uri("/v3/paths/list", UriKind.Relative), TestContext.Current.CancellationToken),
                list => list.Contains($"live/{key}/in", StringComparison.Ordinal),
                $"live/{key}/in at the target");
        }

        await TellsNoKey(system, ids[0], "{secret.stored}");
        await TellsNoKey(system, ids[1], "{secret.key}");
    }

    private Dictionary<string, string> Settings(int port)
    {
        File.WriteAllText(Path.Combine(_folder, "stored"), _fileKey + "\n");
        string target = string.Create(CultureInfo.InvariantCulture, $"rtmp://127.0.0.1:{port}/live");
        return new(new TestProfiles().AddPush("file", target + "/{secret.stored}/in").AddPush("variable", target + "/{secret.key}/in").Settings)
        {
            ["Streams__Workers__SecretsFolder"] = _folder,
            ["STREAMS_SECRET_KEY"] = _variableKey,
            ["Streams__Retry__FailedEvery"] = "00:00:02",
            ["Streams__Retry__Delays__0"] = "00:00:00.2",
            ["Streams__Retry__Delays__1"] = "00:00:00.2",
            ["Streams__Retry__Delays__2"] = "00:00:00.2",
        };
    }

    private static async Task<string> Publish(StreamsSystem system, string profile)
    {
        string id = TestStream.NewId(profile);
        await system.ChooseProfile(id, profile);
        system.Publish(TestInputs.Usual, InputTransport.Rtsp, id);
        return id;
    }

    private async Task TellsNoKey(StreamsSystem system, string id, string placeholder)
    {
        List<string> told = [.. system.Silo.Lines, .. system.Media.Lines];
        foreach (string page in (string[])[$"/v1/streams/{id}", $"/v1/streams/{id}/runs", $"/v1/streams/{id}/history", "/v1/streams", "/metrics", "/", $"/streams/{id}"])
        {
            told.Add(await system.Api.GetStringAsync(new Uri(page, UriKind.Relative)));
        }

        Assert.Contains(placeholder, told[^6], StringComparison.Ordinal);
        Assert.DoesNotContain(told, line => line.Contains(_fileKey, StringComparison.Ordinal) || line.Contains(_variableKey, StringComparison.Ordinal));
        byte[] state = await File.ReadAllBytesAsync(Path.Combine(system.DataFolder, "streams.db"));
        Assert.Equal(-1, state.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(_fileKey)));
        Assert.Equal(-1, state.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(_variableKey)));
    }
}
