using System.Collections.Concurrent;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Faults;

/// <summary>All synthetic publishers, by path. One timer sends for all of them.</summary>
internal sealed class SyntheticPublishers : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<Guid, SyntheticPublisher> _publishers = new();
    private readonly PathManager _paths;
    private readonly PathNames _names;
    private readonly ITimer _timer;

    public SyntheticPublishers(PathManager paths, PathNames names, TimeProvider clock)
    {
        _paths = paths;
        _names = names;
        _timer = clock.CreateTimer(_ => SendAll(), null, Period, Period);
    }

    /// <summary>Lets one publish; it takes the path over when another publishes there.</summary>
    /// <returns>Its source id; null and the reason when the path is not configured or does not allow it.</returns>
    public (Guid? Id, string Error) Start(string path, string query)
    {
        if (_names.Find(path, out string error) is not PathMatch match)
        {
            return (null, error);
        }

        SyntheticPublisher publisher = new(path, query, Forget);
        (publisher.Input, error) = _paths.Publish(path, match, publisher, query, SyntheticPublisher.Tracks());
        if (publisher.Input is null)
        {
            return (null, error);
        }

        _publishers[publisher.Id] = publisher;
        return (publisher.Id, "");
    }

    /// <summary>Ends the path's synthetic publisher.</summary>
    /// <returns>False when it has none.</returns>
    public bool End(string path)
    {
        SyntheticPublisher[] ended = [.. _publishers.Values.Where(publisher => publisher.Path == path)];
        foreach (SyntheticPublisher publisher in ended)
        {
            Forget(publisher);
            _paths.Unpublish(path, publisher);
        }

        return ended.Length > 0;
    }

    public void Dispose() => _timer.Dispose();

    private void Forget(SyntheticPublisher publisher) => _publishers.TryRemove(publisher.Id, out _);

    private void SendAll()
    {
        foreach (SyntheticPublisher publisher in _publishers.Values)
        {
            publisher.Send();
        }
    }
}
