using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace XenDmHost.LayoutTests;

/// <summary>
/// A C program of nothing but _Static_assert: the numbers are taken from the C# types, the names from the system's own
/// headers, and the compiler says whether they agree.
/// </summary>
internal sealed class CProgram
{
    private readonly StringBuilder _text = new("#include <stddef.h>\n#include <stdint.h>\n");

    internal int Assertions { get; private set; }

    internal string Text => _text.ToString();

    /// <summary>Includes a header; when it is missing, the compiler names the package that brings it.</summary>
    internal CProgram Include(string header, string package)
    {
        _text.Append(CultureInfo.InvariantCulture, $"#if !__has_include(<{header}>)\n");
        _text.Append(CultureInfo.InvariantCulture, $"#error \"{header} is missing: apt-get install --no-install-recommends {package}\"\n");
        _text.Append(CultureInfo.InvariantCulture, $"#else\n#include <{header}>\n#endif\n");
        return this;
    }

    /// <summary>Anything else, after the headers.</summary>
    internal CProgram Code(string text)
    {
        _text.Append(text).Append('\n');
        return this;
    }

    /// <summary>The C# struct and the C one have the same size, and each pair of fields the same offset and size.</summary>
    /// <param name="cType">Such as "struct ioreq".</param>
    /// <param name="fields">Every field of the C# struct by name, with the C field that it stands for.</param>
    internal CProgram Struct<T>(string cType, params (string Ours, string Theirs)[] fields)
        where T : unmanaged
    {
        Assert($"sizeof({cType}) == {Unsafe.SizeOf<T>()}", $"size of {typeof(T).Name}");
        return Fields<T>(cType, fields);
    }

    /// <summary>As Struct, for a C type that goes on after the part that is ours.</summary>
    internal CProgram Fields<T>(string cType, params (string Ours, string Theirs)[] fields)
        where T : unmanaged
    {
        foreach ((string ours, string theirs) in fields)
        {
            string name = $"{typeof(T).Name}.{ours}";
            Offset(cType, theirs, (int)Marshal.OffsetOf<T>(ours), name);
            Assert($"sizeof((({cType} *)0)->{theirs}) == {SizeOfField(typeof(T), ours)}", $"size of {name}");
        }

        return this;
    }

    /// <summary>A field that C# knows as a number alone: its offset.</summary>
    internal CProgram Offset(string cType, string field, int offset, string name) =>
        Assert($"offsetof({cType}, {field}) == {offset}", $"offset of {name}");

    /// <summary>A field that C# knows by its place alone: offset and size.</summary>
    internal CProgram Place(string cType, string field, int offset, int size)
    {
        Offset(cType, field, offset, $"{cType}.{field}");
        return Assert($"sizeof((({cType} *)0)->{field}) == {size}", $"size of {cType}.{field}");
    }

    /// <summary>A number that the headers name.</summary>
    internal CProgram Constant(string expression, long value, string name) => Assert($"({expression}) == {value}LL", name);

    /// <summary>Every constant of a static class or enum, under the names that C has for them; null where C has none.</summary>
    internal CProgram Constants(Type type, Func<string, string?> nameInC)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        {
            if (field.IsLiteral && !field.IsPrivate && nameInC(field.Name) is string name)
            {
                Constant(name, Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture), $"{type.Name}.{field.Name}");
            }
        }

        return this;
    }

    private CProgram Assert(string condition, string name)
    {
        Assertions++;
        _text.Append(CultureInfo.InvariantCulture, $"_Static_assert({condition}, \"{name}\");\n");
        return this;
    }

    private static int SizeOfField(Type type, string field)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        Type fieldType = type.GetField(field, All)?.FieldType ?? throw new ArgumentException($"{type.Name} has no field {field}");
        return Marshal.SizeOf(fieldType.IsEnum ? Enum.GetUnderlyingType(fieldType) : fieldType);
    }
}
