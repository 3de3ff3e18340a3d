namespace Streams.Testing;

/// <summary>A plan of a project's rooms, and what in the compiled assembly and in docs/architecture.md is otherwise. Each method names what is wrong; nothing is right.</summary>
/// <param name="compiled">The rooms as they are compiled.</param>
/// <param name="plan">Each room, and the rooms that it may know. From the ground up: a room knows only rooms above it in this list.</param>
public sealed class RoomPlan(Rooms compiled, IReadOnlyList<(string Room, string[] Knows)> plan)
{
    /// <summary>Types and files that know a room which theirs may not know.</summary>
    public IEnumerable<string> FindForbidden()
    {
        HashSet<(string, string)> allowed = [.. plan.SelectMany(static room => room.Knows.Select(known => (room.Room, known)))];
        return BetweenRooms.Where(dependency => !allowed.Contains((dependency.Knower.Room, dependency.Known.Room))).Select(static dependency => dependency.ToString());
    }

    /// <summary>Arrows of the plan that no type needs: with them the drawing would promise more freedom than there is.</summary>
    public IEnumerable<string> FindUnused()
    {
        string[] found = [.. BetweenRooms.Select(static dependency => $"{dependency.Knower.Room} -> {dependency.Known.Room}").Distinct()];
        return plan.SelectMany(static room => room.Knows.Select(known => $"{room.Room} -> {known}")).Except(found);
    }

    /// <summary>Arrows of the plan to a room that comes later in it: without them there is no circle.</summary>
    public IEnumerable<string> FindUpward()
    {
        string[] order = [.. plan.Select(static room => room.Room)];
        return plan.SelectMany(room => room.Knows.Where(known => Array.IndexOf(order, known) >= Array.IndexOf(order, room.Room)).Select(known => $"{room.Room} -> {known}"));
    }

    /// <summary>Rooms without a type, and types without a room.</summary>
    /// <param name="composition">The types that put the rooms together, which stand in none and know all.</param>
    public IEnumerable<string> FindHomeless(params Type[] composition)
    {
        HashSet<string> rooms = [.. plan.Select(static room => room.Room)];
        return rooms.Except(compiled.Types.Select(static type => type.Room)).Select(static room => $"{room} has no type")
            .Concat(compiled.Types.Where(type => !rooms.Contains(type.Room) && !composition.Any(one => type.Name.StartsWith(one.FullName!, StringComparison.Ordinal)))
                .Select(static type => $"{type.Name} is in no room of the plan"));
    }

    /// <summary>Rooms of which docs/architecture.md does not say what they know.</summary>
    /// <param name="heading">The heading of their table's section.</param>
    public IEnumerable<string> FindUndocumented(string heading)
    {
        string[] section = [.. File.ReadLines(Repository.PathOf("docs", "architecture.md")).SkipWhile(line => line != $"## {heading}").Skip(1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal))];
        return plan.Where(room => !section.Any(line => line.StartsWith($"| `{room.Room}` |", StringComparison.Ordinal) && KnownIn(line).SetEquals(room.Knows)))
            .Select(room => $"docs/architecture.md does not say under '{heading}': {room.Room} knows {string.Join(", ", room.Knows)}");
    }

    /// <summary>What stands in no room puts the rooms together, and knows all of them.</summary>
    private IEnumerable<RoomDependency> BetweenRooms => compiled.Dependencies.Where(static dependency => dependency.Knower.Room.Length > 0);

    private static HashSet<string> KnownIn(string row) => [.. row.Split('|', StringSplitOptions.TrimEntries)[^2].Split(", ", StringSplitOptions.RemoveEmptyEntries)];
}
