using Streams.Testing;

namespace Streams.EndToEnd.Tests;

/// <summary>
/// One system with each media server, with profiles that go wrong in their own way. A worker must start within 3 s there, and is steady after 1 s.
/// </summary>
public sealed class ProfileSystems : IAsyncDisposable
{
    private readonly Dictionary<MediaServerKind, StreamsSystem> _systems = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("streams-profiles-").FullName;

    /// <summary>The system with a media server; started when it is first asked for.</summary>
    public async Task<StreamsSystem> Get(MediaServerKind kind)
    {
        if (!_systems.TryGetValue(kind, out StreamsSystem? system))
        {
            system = _systems[kind] = await StreamsSystem.Start(kind, Profiles());
        }

        return system;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (StreamsSystem system in _systems.Values)
        {
            await system.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Dictionary<string, string> Profiles()
    {
        TestProfiles profiles = new TestProfiles()
            .AddFake("elsewhere", "progress")
            .AddFake("blind", "progress", "0.2", "{output}")
            .AddFake("slow", "slow")
            .AddFake("lookahead", "lookahead", "7")
            .AddFake("asks", "echo", "{query.x}").Set("asks", "Query__x__Default", "a")
            .AddFake("trusts", "echo", "{query.x}").Set("trusts", "Query__x__Pattern", ".*").Set("trusts", "Query__x__Default", "a")
            .AddFake("named", "echo", "{streamId}")
            .Add("h264only", "ffmpeg").Set("h264only", "Outputs__0__Video__0", "H264").Set("h264only", "Outputs__0__Audio__0", "MPEG-4 Audio")
            .Add("unexecutable", File("unexecutable", "#!/bin/sh\nexit 0\n", UnixFileMode.UserRead | UnixFileMode.UserWrite))
            .Add("uninterpreted", File("uninterpreted", "#!/no/such/interpreter\n", UnixFileMode.UserRead | UnixFileMode.UserExecute))
            .Add("folder", _folder);
        return new(profiles.Settings)
        {
            ["Streams__Workers__StartWithin"] = "00:00:07",
            ["Streams__Retry__SteadyAfter"] = "00:00:01",
        };
    }

    private string File(string name, string text, UnixFileMode mode)
    {
        string file = Path.Combine(_folder, name);
        if (!OperatingSystem.IsWindows() && !System.IO.File.Exists(file))
        {
            System.IO.File.WriteAllText(file, text);
            System.IO.File.SetUnixFileMode(file, mode);
        }

        return file;
    }
}
