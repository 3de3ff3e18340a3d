using System.Collections.Immutable;

namespace Streams.Grains.MediaMtx;

/// <summary>
/// The publishers' queries and addresses, which the list of paths lacks. Each new input source is queried once, so that a stream whose hook is
/// lost or late still starts with its query.
/// </summary>
internal sealed class SourceConnections(MediaMtxClient client)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>How many polls query a source that MediaMTX does not list, before it is given up.</summary>
    private const int MaxAttempts = 10;

    private Dictionary<string, Answer> _known = [];

    /// <summary>Adds query and address to the sources of inputs. Sources that MediaMTX does not list yet are queried again by the next poll.</summary>
    public async Task<ImmutableArray<(StreamPath Path, PathView View)>> AddTo(
        ImmutableArray<(StreamPath Path, PathView View)> live, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        IEnumerable<LiveSource> inputs = live.Where(static path => path.Path.Role == PathRole.Input && !path.View.Source.IsPulled).Select(static path => path.View.Source);
        _known = (await Task.WhenAll(inputs.Select(source => Find(source, limit.Token)))).DistinctBy(static known => known.Id).ToDictionary(static known => known.Id, static known => known.Answer);
        return [.. live.Select(path => _known.GetValueOrDefault(path.View.Source.Id)?.Connection is { } connection
            ? (path.Path, path.View with { Source = path.View.Source with { Query = connection.Query, RemoteAddress = connection.RemoteAddress } })
            : path)];
    }

    private async Task<(string Id, Answer Answer)> Find(LiveSource source, CancellationToken cancellationToken)
    {
        Answer known = _known.GetValueOrDefault(source.Id) ?? new Answer(null, 0);
        return (source.Id, known.Connection is not null || known.Attempts == MaxAttempts
            ? known
            : new Answer(await client.FindConnection(source, cancellationToken), known.Attempts + 1));
    }

    /// <summary>The connection of a source; null while MediaMTX has not listed it, after the given number of attempts.</summary>
    private sealed record Answer(PublisherConnection? Connection, int Attempts);
}
