using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A worker sees nothing of the silo's secrets, which all stand in the silo's environment.</summary>
public sealed class EnvironmentTests
{
    private const string Collector = "collector-password-0123456789";

    /// <summary>The fake worker's shell sets these itself.</summary>
    private static readonly string[] OfBash = ["PWD", "OLDPWD", "SHLVL", "_"];

    private static readonly string[] Allowed =
        ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR", "CUDA_", "HIP_", "ROCR_", "GPU_", "ZE_", "VDPAU_", "DRI_", "LC_", "NVIDIA_", "LIBVA_", "MFX_", "ONEVPL_", "STREAMS_RUN", "STREAMS_TEST_RUN", "GREETING", .. OfBash]; // make test passes the last but one on, to find what is left over.

    [Fact]
    public async Task A_workers_environment_has_none_of_the_silos_tokens_passwords_and_headers()
    {
        Dictionary<string, string> settings = new(new TestProfiles().AddFake("child", "parent").Set("child", "Environment__GREETING", "hello").Settings)
        {
            ["Streams__Workers__DefaultProfile"] = "child",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"authorization={Collector}",
            ["STREAMS_OPERATOR_TOKEN"] = ClosedSystem.OperatorToken,
            ["STREAMS_SECRET_OTHER"] = "a-secret-of-another-profile",
        };
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, settings, isClosed: true);
        string id = TestStream.NewId("env");
        await using ChildProgram publisher = system.Publish(TestInputs.Usual, InputTransport.Rtmp, id, $"?user=any&pass={ClosedSystem.PublishKey}");
        JsonElement running = await system.WaitForFrames(id);

        // The worker, and the children that it has made.
        IReadOnlyList<int> pids = Processes.WithVariable("STREAMS_RUN", value => value.Split('/') is [_, var stream, _] && stream == id);
        Assert.Contains(StreamsSystem.Pid(running), pids);
        Assert.True(pids.Count > 1, "The worker has no child.");
        foreach (int pid in pids)
        {
            string[] variables = (await File.ReadAllTextAsync($"/proc/{pid}/environ", TestContext.Current.CancellationToken)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains("GREETING=hello", variables);
            Assert.All(variables, static variable => Assert.True(Allowed.Any(allowed => variable.StartsWith(allowed, StringComparison.Ordinal)), $"{variable.Split('=')[0]} is not on the list"));
            Assert.DoesNotContain(variables, static variable => new[] { ClosedSystem.OperatorToken, ClosedSystem.PublishKey, ClosedSystem.ReadKey, Collector, "a-secret" }
                .Any(secret => variable.Contains(secret, StringComparison.Ordinal)));
        }
    }
}
