import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the binding sets an attribute that is a text. */
const settingText = `      std::string str_value;
      nstatus = GetStringParam(env, js_value, str_value);
      ENSURE_NAPI_OK(env, nstatus);
`;

/** The same for an array of texts, as the binding does for arrays of numbers. */
const settingTexts = `      // Changed by Loam: an array of texts is an attribute too, which fused operations ask for.
      if (IsArray(env, nstatus, &js_value)) {
        uint32_t length;
        nstatus = napi_get_array_length(env, js_value, &length);
        ENSURE_NAPI_OK(env, nstatus);
        std::vector<std::string> texts(length);
        std::vector<const void *> starts(length);
        std::vector<size_t> lengths(length);
        for (uint32_t i = 0; i < length; ++i) {
          napi_value element;
          nstatus = napi_get_element(env, js_value, i, &element);
          ENSURE_NAPI_OK(env, nstatus);
          nstatus = GetStringParam(env, element, texts[i]);
          ENSURE_NAPI_OK(env, nstatus);
          starts[i] = texts[i].data();
          lengths[i] = texts[i].size();
        }
        TFE_OpSetAttrStringList(tfe_op, attr_name, starts.data(), lengths.data(), static_cast<int>(length));
        break;
      }

`;

/** The folders of C++ files that a binding is compiled from. */
interface BindingOrigins {
  /** tfjs-node's sources of its binding. */
  readonly binding: string;
  /** The headers of Node-API. */
  readonly headers: string;
}

/** Where they lie among Loam's packages; in an installed Loam, in its archive, which a compiler cannot read. */
function packagedOrigins(): BindingOrigins {
  const require = createRequire(import.meta.url);
  return {
    binding: join(dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'binding'),
    headers: join(dirname(require.resolve('node-api-headers/package.json')), 'include'),
  };
}

/**
 * Writes into a folder what the binding is compiled from, with the one change that Loam makes: it passes lists of texts as
 * attributes of an operation, which `_FusedMatMul` and its kind ask for (see `llm/engines/tensorflow/fused-products.ts`).
 * @throws Error when tfjs-node's source is not the one that the change was written for
 */
export async function writeBindingSource(
  folder: string,
  { binding, headers }: BindingOrigins = packagedOrigins(),
): Promise<void> {
  for (const origin of [headers, binding])
    for (const file of await readdir(origin)) {
      const text = await readFile(join(origin, file), 'utf8');
      await writeFile(join(folder, file), file === 'tfjs_backend.cc' ? passTexts(text) : text);
    }
}

function passTexts(source: string): string {
  const [before, after, ...more] = source.split(settingText);
  if (after === undefined || more.length > 0)
    throw new Error("tfjs_backend.cc of tfjs-node's binding is not the one that Loam changes.");
  return `${before!}${settingTexts}${settingText}${after}`;
}
