using Streams.Verify.Systems;
using Streams.Testing;

namespace Streams.Verify.Audience;

/// <summary>A silo and a media server of the measurement's own, since the silo is killed; with the media server's program that the developer's system has.</summary>
internal sealed class AudienceSystem : IAsyncDisposable
{
    private bool _isDisposed;

    private AudienceSystem(StreamsSystem streams, DubProfile dub) => (Streams, Dub) = (streams, dub);

    /// <summary>The system.</summary>
    public StreamsSystem Streams { get; }

    /// <summary>A profile of its silo that can be made to fail.</summary>
    public DubProfile Dub { get; }

    /// <summary>Starts it.</summary>
    /// <param name="main">The developer's system.</param>
    /// <param name="isKept">Whether outputs are kept.</param>
    public static async Task<AudienceSystem> Start(LocalSystem main, bool isKept)
    {
        using MediaPrograms programs = new(main);
        DubProfile dub = new();
        try
        {
            Dictionary<string, string> settings = new(dub.Settings)
            {
                ["Streams__Continuity__Mode"] = isKept ? "Keep" : "Off",
                ["Streams__Retry__SteadyAfter"] = "00:00:03", // Half a minute for each worker that is killed would be waited for.
            };
            return new AudienceSystem(await StreamsSystem.Start(programs.Kind, settings), dub);
        }
        catch
        {
            dub.Dispose();
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

        await Streams.DisposeAsync();
        Dub.Dispose();
    }
}
