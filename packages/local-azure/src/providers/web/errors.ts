import { AzureError } from '../../resource-manager/azure-error.ts';
import type { ArmResponse, Route } from '../../resource-manager/route.ts';

/**
 * A refusal of App Service itself. Its envelope is older than Resource Manager's, and clients read `Message` from it:
 * for instance Azure/RDS-Templates issue 365.
 */
export class WebError extends AzureError {
  readonly template: string;
  /** Where a public report shows it. */
  readonly extendedCode: string | undefined;
  readonly parameters: string[];
  constructor(
    status: number,
    code: string,
    template: string,
    parameters: string[] = [],
    extendedCode?: string,
  ) {
    super(
      status,
      code,
      template.replace(/\{(\d)\}/g, (_all, i) => parameters[Number(i)] ?? ''),
    );
    this.extendedCode = extendedCode;
    this.template = template;
    this.parameters = parameters;
  }
}

const toResponse = ({ status, code, message, extendedCode, template, parameters }: WebError): ArmResponse => {
  const known = extendedCode === undefined ? {} : { ExtendedCode: extendedCode };
  const entity = { ...known, MessageTemplate: template, Parameters: parameters };
  return {
    status,
    body: {
      Code: code,
      Message: message,
      Target: null,
      Details: [
        { Message: message },
        { Code: code },
        { ErrorEntity: { ...entity, Code: code, Message: message } },
      ],
      Innererror: null,
    },
  };
};

/** Lets a route's handler throw {@link WebError}s. */
export const answering = (handle: Route['handle']): Route['handle'] => {
  return async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      if (error instanceof WebError) return toResponse(error);
      throw error;
    }
  };
};

/** Source: Azure/RDS-Templates issue 365 */
export const siteNameTaken = (name: string) =>
  new WebError(409, 'Conflict', 'Website with given name {0} already exists.', [name], '54001');

export const invalidParameter = (name: string) =>
  new WebError(400, 'BadRequest', 'The parameter {0} has an invalid value.', [name]);

export const invalidSiteName = (name: string) =>
  new WebError(
    400,
    'BadRequest',
    "The site name '{0}' is invalid: names have letters, digits and hyphens, 2 to 60 of them, and neither begin nor " +
      "end with a hyphen; no slot is named 'production'.",
    [name],
  );

export const planNotFound = (name: string) =>
  new WebError(404, 'NotFound', 'Cannot find {0} with name {1}.', ['ServerFarm', name], '51004');

export const planInUse = (sites: string[]) =>
  new WebError(
    409,
    'Conflict',
    'Server farm cannot be deleted because it has web app(s) {0} assigned to it.',
    [sites.join(', ')],
  );

/** Source: microsoft/vscode-azureappservice issue 520 */
export const tooManySlots = (tier: string) =>
  new WebError(
    409,
    'Conflict',
    "Cannot complete the operation because the site will exceed the number of slots allowed for the '{0}' SKU.",
    [tier],
  );

/**
 * A container that is swapped does not start, or does not answer as it should.
 * Source: microsoft/azure-pipelines-tasks issue 19273
 */
export const sourceDidNotAnswer = (app: string, slot: string) =>
  new WebError(
    417,
    'ExpectationFailed',
    "Cannot swap site slots for site '{0}' because the '{1}' slot did not respond to http ping.",
    [app, slot],
  );

/** Source: microsoft/azure-pipelines-tasks issue 11384, which shows more details */
export const swapInProgress = (app: string, slot: string) =>
  new WebError(
    409,
    'Conflict',
    'Cannot modify this site because another operation is in progress. Details: OperationName: SwapSiteSlots, ' +
      'SiteName: {0}, SlotName: {1}',
    [app, slot],
  );

/** Source: Azure/azure-cli issue 27820 */
export const preparedForSwap = () =>
  new WebError(
    409,
    'Conflict',
    'The slot cannot be changed because its configuration settings have been prepared for swap.',
  );

/** Azure refuses it, too: MicrosoftDocs/azure-docs deploy-staging-slots.md, "Swap with preview". */
export const noPreviewWithAuthentication = () =>
  new WebError(
    400,
    'BadRequest',
    "Swap with preview can't be used when one of the slots has site authentication enabled.",
  );

/**
 * Azure stores the setting, and does not obey it: MicrosoftDocs/azure-docs deploy-staging-slots.md, "Configure auto
 * swap"; Azure/bicep issue 7033.
 */
export const noAutoSwap = () =>
  new WebError(
    400,
    'BadRequest',
    "autoSwapSlotName cannot be set: auto swap isn't supported in web apps on Linux and Web App for Containers.",
  );

export const slotNotFound = (name: string) =>
  new WebError(404, 'NotFound', 'Cannot find {0} with name {1}.', ['Slot', name], '51004');

export const alwaysOnNotAllowed = () =>
  new WebError(409, 'Conflict', 'There was a conflict. {0}', [
    'AlwaysOn cannot be set for this site as the plan does not allow it. For more information on pricing and ' +
      'features, please see: https://aka.ms/appservicepricingdetails',
  ]);

export const unknownSku = (sku: string) =>
  new WebError(400, 'BadRequest', "The pricing tier '{0}' is not known to this local Azure.", [sku]);

/** Source: learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-parent-resource */
export const parentNotFound = (parent: string) =>
  new AzureError(
    404,
    'ParentResourceNotFound',
    `Failed to perform 'write' on resource(s) of type 'sites/slots', because the parent resource '${parent}' ` +
      'could not be found.',
  );

/** Azure refuses it so as well: a user-assigned identity that does not exist cannot be attached. */
export const identityNotFound = (id: string) =>
  new AzureError(
    400,
    'FailedIdentityOperation',
    `Identity operation for resource failed with error 'Failed to perform resource identity operation. Status: ` +
      `'BadRequest'. Response: The user-assigned identity '${id}' was not found.'.`,
  );
