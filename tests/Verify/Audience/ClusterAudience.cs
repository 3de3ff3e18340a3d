using Streams.Testing;
using Streams.Testing.Cluster;
using Streams.Verify.Systems;

namespace Streams.Verify.Audience;

/// <summary>A cluster of the measurement's own: three silos for workers and one that only answers, so that the page stays; a database and a media server.</summary>
internal sealed class ClusterAudience : IAsyncDisposable
{
    /// <summary>A profile whose streams have a standby.</summary>
    public const string WithStandby = DubProfile.Name;

    private readonly DubProfile _dub;
    private readonly string _slates;
    private bool _isDisposed;

    private ClusterAudience(ClusterSystem system, DubProfile dub, string slates) => (System, _dub, _slates) = (system, dub, slates);

    /// <summary>The cluster.</summary>
    public ClusterSystem System { get; }

    /// <summary>Why none can be had here; null when one can.</summary>
    public static string? Missing => PostgresServer.Missing;

    /// <summary>Starts it, with the media server's program that the developer's system has.</summary>
    public static async Task<ClusterAudience> Start(LocalSystem main)
    {
        using MediaPrograms programs = new(main);
        DubProfile dub = new();
        string slates = Directory.CreateTempSubdirectory("streams-verify-slates-").FullName;
        try
        {
            return new ClusterAudience(
                await ClusterSystem.Start(new ClusterOptions
                {
                    Kind = programs.Kind,
                    Silos = 4,
                    SilosWithoutWorkers = 1,
                    Nodes = ["a"],
                    Settings = new Dictionary<string, string>(dub.Settings)
                    {
                        [$"Streams__Workers__Profiles__{WithStandby}__Standby"] = "Hot",
                        ["Streams__Continuity__Mode"] = "Keep",
                        ["Streams__Continuity__SlateFolder"] = slates,
                        ["Streams__Retry__SteadyAfter"] = "00:00:03",
                    },
                }),
                dub,
                slates);
        }
        catch
        {
            dub.Dispose();
            Directory.Delete(slates, recursive: true);
            throw;
        }
    }

    /// <summary>Ends it; may be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await System.DisposeAsync();
        _dub.Dispose();
        Directory.Delete(_slates, recursive: true);
    }
}
