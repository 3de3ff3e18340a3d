using System.Diagnostics;

namespace Streams.Testing;

/// <summary>Waits for something that another process or thread brings about, and names it when it does not come.</summary>
public static class Eventually
{
    /// <summary>How long a wait lasts unless told: long enough for a busy machine of two cores.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is accepted, and returns it.</summary>
    /// <param name="ask">Reads the present state; what it throws counts as "not yet".</param>
    /// <param name="accept">Whether that is what the test waits for.</param>
    /// <param name="what">What is waited for, as the failure names it.</param>
    /// <param name="patience">How long; <see cref="Patience"/> when null.</param>
    /// <exception cref="TimeoutException">It did not come; the message has the last answer.</exception>
    public static async Task<T> Get<T>(Func<Task<T>> ask, Func<T, bool> accept, string what, TimeSpan? patience = null)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan limit = patience ?? Patience;
        object? last = null;
        while (true)
        {
            try
            {
                T answer = await ask();
                if (accept(answer))
                {
                    return answer;
                }

                last = answer;
            }
            catch (Exception notYet)
            {
                last = notYet;
            }

            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}. Last seen: {last}");
            }

            await Task.Delay(Interval);
        }
    }

    /// <summary>As <see cref="Get{T}"/>, for a state that needs no waiting to read.</summary>
    public static Task<T> Get<T>(Func<T> ask, Func<T, bool> accept, string what, TimeSpan? patience = null) =>
        Get(() => Task.FromResult(ask()), accept, what, patience);

    /// <summary>Waits until a condition holds.</summary>
    public static Task True(Func<bool> condition, string what, TimeSpan? patience = null) =>
        Get(() => Task.FromResult(condition()), static held => held, what, patience);
}
