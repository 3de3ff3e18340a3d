using System.Globalization;
using Streams.Testing;

namespace Streams.EndToEnd.Tests;

/// <summary>Settings of a silo with profiles of a test's own, beside the shipped ones.</summary>
internal sealed class TestProfiles
{
    private static readonly string[] Copy = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+warning", "-progress", "pipe:1", "-stats_period", "0.5", "-rtsp_transport", "tcp", "-i", "{input}", "-c", "copy"];

    /// <summary>The settings, by their names in the environment.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Adds a profile.</summary>
    public TestProfiles Add(string name, string program, params string[] arguments)
    {
        Settings[$"Streams__Workers__Profiles__{name}__Program"] = program;
        for (int i = 0; i < arguments.Length; i++)
        {
            Set(name, $"Arguments__{i.ToString(CultureInfo.InvariantCulture)}", arguments[i]);
        }

        return this;
    }

    /// <summary>Adds a profile of the fake worker. Without <c>{output}</c> among its arguments it writes elsewhere.</summary>
    public TestProfiles AddFake(string name, params string[] arguments) => Add(name, FakeWorker.Program, arguments);

    /// <summary>Adds a profile of ffmpeg that copies the input to an RTMP target.</summary>
    public TestProfiles AddPush(string name, string target) => Add(name, "ffmpeg", [.. Copy, "-f", "flv", target]);

    /// <summary>Sets a key of a profile.</summary>
    public TestProfiles Set(string name, string key, string value)
    {
        Settings[$"Streams__Workers__Profiles__{name}__{key}"] = value;
        return this;
    }
}
