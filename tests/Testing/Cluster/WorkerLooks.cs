using System.Globalization;

namespace Streams.Testing.Cluster;

/// <summary>Looks at the machine's workers, often: what it has read of a process it does not read again.</summary>
/// <param name="isOurs">Whether a stream is of this test.</param>
public sealed class WorkerLooks(Func<string, bool> isOurs)
{
    /// <summary>A process that has no marker after so many looks gets none.</summary>
    private const int EnoughLooks = 10;

    private readonly Dictionary<int, (string Start, WorkerMarker? Marker, int Looks)> _known = [];

    /// <summary>The workers that live now.</summary>
    public IReadOnlyList<SeenWorker> Look()
    {
        List<SeenWorker> seen = [];
        HashSet<int> present = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                present.Add(pid);
                if (MarkerOf(pid) is { } marker && isOurs(marker.StreamId) && Processes.GroupOf(pid) == pid && Processes.IsAlive(pid))
                {
                    seen.Add(new SeenWorker(pid, marker));
                }
            }
        }

        foreach (int gone in _known.Keys.Where(pid => !present.Contains(pid)).ToArray())
        {
            _known.Remove(gone);
        }

        return seen;
    }

    /// <summary>The living workers of a stream.</summary>
    public static IReadOnlyList<SeenWorker> Of(string stream) => new WorkerLooks(id => id == stream).Look();

    private WorkerMarker? MarkerOf(int pid)
    {
        if (_known.TryGetValue(pid, out var known) && (known.Marker is not null || known.Looks >= EnoughLooks) && Processes.StartOf(pid) == known.Start)
        {
            return known.Marker;
        }

        string? start = Processes.StartOf(pid);
        WorkerMarker? marker = WorkerMarker.Parse(Processes.ValueOf(pid, WorkerMarker.Variable));
        if (start is not null)
        {
            _known[pid] = (start, marker, known.Start == start ? known.Looks + 1 : 1);
        }

        return marker;
    }
}
