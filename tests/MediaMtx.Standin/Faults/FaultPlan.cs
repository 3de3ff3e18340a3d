using MediaMtx.Standin.Http;

namespace MediaMtx.Standin.Faults;

/// <summary>The faults that tests have ordered. Everything that can go wrong asks here first.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<(ActiveFault Fault, Action Start)> _held = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActiveFault[] _faults = [];

    public IReadOnlyList<ActiveFault> Faults => Volatile.Read(ref _faults);

    /// <summary>Orders faults.</summary>
    /// <param name="faults">The faults.</param>
    /// <param name="paths">The paths of this moment, for <c>api-stale</c>.</param>
    public void Add(IEnumerable<Fault> faults, IReadOnlyList<ApiPath> paths)
    {
        lock (_gate)
        {
            _faults = [.. _faults, .. faults.Select(fault => new ActiveFault(fault, paths))];
        }

        Wake();
    }

    /// <summary>Ends all faults. Hooks that were held back start now.</summary>
    public void Clear()
    {
        List<Action> held;
        lock (_gate)
        {
            held = [.. _held.Select(hook => hook.Start)];
            _held.Clear();
            _faults = [];
        }

        held.ForEach(start => start());
        Wake();
    }

    public bool IsPublisherFrozen(string path) => Is("freeze-publisher", path);

    public async ValueTask WaitWhileReaderIsFrozen(string path, CancellationToken closing)
    {
        while (true)
        {
            Task changed = Volatile.Read(ref _changed).Task;
            if (!Is("freeze-reader", path))
            {
                return;
            }

            await changed.WaitAsync(closing);
        }
    }

    /// <summary>Starts a hook, or does to it what a fault says. It never waits.</summary>
    public void ReleaseHook(string path, string kind, Action start, CancellationToken closing)
    {
        ActiveFault? fault = Faults.FirstOrDefault(fault => fault.IsAboutHook(path, kind) && fault.TryUse());
        switch (fault?.Fault.Kind)
        {
            case "hook-drop":
                break;
            case "hook-delay":
                _ = StartLater(start, fault.Fault.Milliseconds, closing);
                break;
            case "hook-repeat":
                for (int i = 0; i < fault.Fault.Times; i++)
                {
                    start();
                }

                break;
            case "hook-reorder":
                Hold(fault, start);
                return;
            default:
                start();
                break;
        }

        LetHeldFollow(path, kind, closing);
    }

    /// <summary>What is wrong with the next answer of the Control API.</summary>
    public ApiFault NextApiFault()
    {
        ApiFault answer = ApiFault.None;
        foreach (ActiveFault fault in Faults.Where(fault => fault.Fault.Kind.StartsWith("api-", StringComparison.Ordinal) && fault.TryUse()))
        {
            answer = fault.Fault.Kind switch
            {
                "api-down" => answer with { IsDown = true },
                "api-slow" => answer with { Delay = TimeSpan.FromMilliseconds(fault.Fault.Milliseconds) },
                "api-empty" => answer with { Paths = [] },
                "api-hide" => answer with { Hidden = fault.Fault.Path },
                "api-stale" => answer with { Paths = fault.Paths },
                _ => answer with { PageSize = fault.Fault.ItemsPerPage },
            };
        }

        return answer;
    }

    private bool Is(string kind, string path)
    {
        foreach (ActiveFault fault in Volatile.Read(ref _faults))
        {
            if (fault.Fault.Kind == kind && fault.IsAbout(path))
            {
                return true;
            }
        }

        return false;
    }

    private void Hold(ActiveFault fault, Action start)
    {
        lock (_gate)
        {
            _held.Add((fault, start));
        }
    }

    private void LetHeldFollow(string path, string kind, CancellationToken closing)
    {
        List<(ActiveFault Fault, Action Start)> following;
        lock (_gate)
        {
            following = [.. _held.Where(hook => hook.Fault.IsAbout(path) && (hook.Fault.Fault.Event is null || hook.Fault.Fault.Event == kind))];
            _held.RemoveAll(following.Contains);
        }

        foreach ((ActiveFault fault, Action start) in following)
        {
            _ = StartLater(start, fault.Fault.Milliseconds, closing);
        }
    }

    private static async Task StartLater(Action start, int milliseconds, CancellationToken closing)
    {
        await Task.Delay(milliseconds, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!closing.IsCancellationRequested)
        {
            start();
        }
    }

    private void Wake() => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
