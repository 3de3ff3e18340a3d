using MediaMtx.Standin.Http;

namespace MediaMtx.Standin.Faults;

/// <summary>A fault that was ordered, and what is left of it.</summary>
internal sealed class ActiveFault(Fault fault, IReadOnlyList<ApiPath> paths)
{
    private int _used;

    public Fault Fault => fault;

    /// <summary>The paths when the fault was ordered.</summary>
    public IReadOnlyList<ApiPath> Paths => paths;

    /// <summary>How often it has struck.</summary>
    public int Used => Volatile.Read(ref _used);

    public bool IsAbout(string path) => fault.Path is null || fault.Path == path;

    public bool IsAboutHook(string path, string kind) =>
        fault.Kind.StartsWith("hook-", StringComparison.Ordinal) && IsAbout(path) && (fault.Event is null || fault.Event == kind);

    /// <summary>Strikes once, if it still may.</summary>
    public bool TryUse()
    {
        if (Interlocked.Increment(ref _used) <= (fault.Count ?? int.MaxValue))
        {
            return true;
        }

        Interlocked.Decrement(ref _used);
        return false;
    }
}
